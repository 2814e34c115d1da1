# Short names for what the scripts do; the build itself is Meson's.
.PHONY: build demo check install bench fuzz lint coverage

build:
	scripts/install-deps build
	[ -d build ] || meson setup build
	ninja -C build

demo:
	scripts/demo

check:
	scripts/check

install: build
	meson install -C build --no-rebuild

bench:
	scripts/bench

fuzz:
	scripts/fuzz

lint:
	scripts/check layers headers format shell docs source tidy

coverage:
	scripts/coverage
