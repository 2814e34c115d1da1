# For people on other systems:
#
#     docker build -t dits .
#     docker run --rm -v "$PWD:/work" -w /work dits status
FROM debian:bookworm-slim AS build
COPY . /src
WORKDIR /src
RUN scripts/install-deps build \
    && meson setup --buildtype=release --prefix=/usr build-image \
    && ninja -C build-image \
    && DESTDIR=/image meson install -C build-image --no-rebuild --strip

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libavformat59 libgit2-1.5 libncursesw6 libseccomp2 libsqlite3-0 libswscale6 \
        libutf8proc2 libzstd1 zlib1g less \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /image /
ENTRYPOINT ["dits"]
