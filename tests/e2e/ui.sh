#!/bin/sh
# The view as a user has it: real keys, in a terminal of a given size. A test
# waits for each thing that it wants to see: the terminal may show the upper half
# of a picture before it has read the lower one.
. "$(dirname "$0")/lib.sh"

socket=dits-ui-$$
servers=0
on_exit() {
    tmux -L "$socket" kill-server 2>/dev/null || :
}

setup() {
    command -v tmux >/dev/null || skip "no tmux"
    trap on_exit EXIT
    export TMUX_TMPDIR="$scratch"
    export DITS_DATE="2026-11-30T12:00:00+00:00"
    mkdir film
    cd film
    dits init -q .
    mkdir edit
    echo "scene one" >edit/notes.txt
    dits add .
    dits commit -q -m "First assembly"
}

term() { tmux -L "$socket" "$@"; }

seen() { term capture-pane -p -t film; }

# in_shell COLUMNS ROWS: a shell that says "ready$" when it is.
in_shell() {
    on_exit
    servers=$((servers + 1))
    socket=dits-ui-$$-$servers
    term -f /dev/null -u new-session -d -s film -x "$1" -y "$2" \
        "env TERM=tmux-256color PS1='ready$ ' sh -i"
    wait_for 'ready\$'
}

# start COLUMNS ROWS [VARIABLE=VALUE...]
start() {
    in_shell "$1" "$2"
    shift 2
    type_in "env $* dits ui"
    wait_for '1 History'
}

type_in() {
    term send-keys -t film -l "$1"
    term send-keys -t film Enter
}

# keys KEY...: names as tmux has them.
keys() { term send-keys -t film "$@"; }

shows() { seen >../screen && grep -Eq -e "$1" ../screen; }
shows_no() { ! shows "$1"; }

# wait_for REGEX: the screen shows it, soon. wait_gone REGEX: no more.
wait_for() { (eventually shows "$1") || screen_is_wrong; }
wait_gone() { (eventually shows_no "$1") || screen_is_wrong; }
screen_is_wrong() {
    cat ../screen >&2
    exit 1
}

# choose REGEX: go down until the chosen line is the one. What is chosen stands
# in reverse, where there are no colours.
chosen() { term capture-pane -p -e -t film | grep "$(printf '\033\\[[0-9;]*7m')" | tail -n +2; }
choose() {
    tries=0
    until chosen | grep -Eq -e "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 40 ] || { seen >&2; fail "cannot choose $1"; }
        last=$(chosen)
        keys j
        waits=0
        while [ "$(chosen)" = "$last" ] && [ "$waits" -lt 30 ]; do
            waits=$((waits + 1))
            sleep 0.02
        done
    done
}

operations() { dits op log >../log && wc -l <../log; }

# The process that draws, and the one that guards it.
guard_pid() { ps -o pid= --ppid "$(term display -p -t film '#{pane_pid}')" | tr -d ' '; }
ui_pid() { ps -o pid= --ppid "$(guard_pid)" | tr -d ' '; }

test_history_is_a_graph_and_opens() {
    dits switch -q -c titles
    echo "The Sea" >edit/titles.txt
    dits add .
    DITS_DATE="2026-11-30T12:01:00+00:00" dits commit -q -m "Titles"
    dits switch -q main
    printf 'scene one\nscene two\n' >edit/notes.txt
    DITS_DATE="2026-11-30T12:02:00+00:00" dits commit -q -a -m "Second scene"
    DITS_DATE="2026-11-30T12:03:00+00:00" dits merge -q -m "Merge titles" titles
    dits tag v1
    start 80 24
    wait_for '●   \(HEAD -> main, tag: v1\) Merge titles +Test Editor +2026-11-30'
    wait_for '│╲'
    wait_for '● │ Second scene'
    wait_for '│ ● \(titles\) Titles'
    wait_for '│╱'
    keys j Enter
    wait_for '─ Commit [0-9a-f]{7,} ─'
    wait_for 'Author: Test Editor <editor@example.com>'
    wait_for 'Second scene'
    wait_for '1 file changed'
    wait_for 'M  edit/notes.txt  \+1 -0'
    keys Enter
    wait_for '^ \+scene two'
    keys q q
    wait_for '● │ Second scene'
    keys q
    wait_for 'ready\$ ?$'
    wait_gone '●'
}

test_staging_discarding_and_undo() {
    echo "more" >>edit/notes.txt
    echo "new" >new.txt
    start 80 24 NO_COLOR=1
    keys 2
    wait_for 'Changed \(1\)'
    wait_for '\?\?  new.txt'
    before=$(operations)
    keys s
    wait_for 'Staged \(1\)'
    wait_gone 'Changed \(1\)'
    expect_equal $((before + 1)) "$(operations)"
    keys u
    wait_for 'Changed \(1\)'
    expect_equal $((before + 2)) "$(operations)"
    choose 'M  edit/notes.txt'
    keys x
    wait_for 'Discard the change of edit/notes.txt\?'
    keys n
    wait_gone 'Discard'
    wait_for 'Changed \(1\)'
    keys x
    wait_for 'Discard the change'
    keys y
    wait_gone 'Changed \(1\)'
    expect_content "scene one" edit/notes.txt
    choose 'new.txt'
    keys x
    wait_for 'Remove new.txt\?'
    keys y
    wait_for 'Removing new.txt'
    expect_no_file new.txt
    expect_equal $((before + 4)) "$(operations)"
    keys z
    wait_for 'undid operation'
    expect_content "new" new.txt
    keys z
    wait_for 'Changed \(1\)'
    expect_match '^more' edit/notes.txt
    keys Z
    wait_gone 'Changed \(1\)'
    expect_content "scene one" edit/notes.txt
}

test_a_commit_asks_the_editor() {
    cat >../editor <<'END'
#!/bin/sh
[ -t 0 ] && [ -t 1 ] && stty -a >../stty
echo "Rough cut" >"$1"
END
    chmod +x ../editor
    echo "more" >>edit/notes.txt
    start 80 24 EDITOR=../editor
    keys 2
    wait_for 'Changed \(1\)'
    keys c
    wait_for 'there is nothing to commit'
    keys s
    wait_for 'Staged \(1\)'
    before=$(operations)
    keys c
    wait_for '\[main [0-9a-f]+\] Rough cut'
    wait_for 'Nothing changed since the last commit'
    expect_match ' icanon' ../stty
    expect_equal $((before + 1)) "$(operations)"
    dits log --oneline >../log
    expect_match 'Rough cut' ../log
}

test_a_commit_without_a_message_is_refused() {
    echo "more" >>edit/notes.txt
    dits add .
    start 80 24 EDITOR=true
    keys 2
    wait_for 'Staged \(1\)'
    keys c
    wait_for 'the message is empty; nothing was committed'
    wait_for 'Staged \(1\)'
}

test_conflicts_are_resolved() {
    dits switch -q -c other
    echo "theirs" >edit/notes.txt
    dits commit -q -a -m "Theirs"
    dits switch -q main
    echo "ours" >edit/notes.txt
    dits commit -q -a -m "Ours"
    dits merge other >/dev/null || :
    start 80 24 EDITOR=true NO_COLOR=1
    wait_for 'main \(merging\)'
    keys 2
    wait_for 'Conflicts \(1\)'
    choose 'UU  edit/notes.txt'
    keys x
    wait_for 'o takes ours, t theirs, b both'
    keys t
    wait_gone 'Conflicts \(1\)'
    expect_content "theirs" edit/notes.txt
    keys z
    wait_for 'Conflicts \(1\)'
    keys o
    wait_gone 'Conflicts \(1\)'
    expect_content "ours" edit/notes.txt
    keys c
    wait_for "Merge branch 'other'"
    wait_gone 'merging'
}

test_switching_and_its_refusal() {
    dits switch -q -c other
    echo "theirs" >edit/notes.txt
    dits commit -q -a -m "Theirs"
    dits switch -q main
    echo "mine" >edit/notes.txt
    start 80 24 NO_COLOR=1
    keys 3
    wait_for '\* main'
    choose ' other'
    keys s
    wait_for '^ dits: '
    expect_failure 1 dits switch other
    head -n 1 stderr >../refusal
    wait_for "$(sed 's/[][().*]/./g' refusal)"
    wait_for 'edit/notes.txt'
    wait_for '\* main'
    dits restore edit/notes.txt
    keys s
    wait_for '\* other'
    expect_content "theirs" edit/notes.txt
}

test_stashes() {
    echo "wip" >edit/notes.txt
    start 80 24 NO_COLOR=1
    keys 2
    wait_for 'Changed \(1\)'
    keys p
    wait_for 'Saved working directory'
    expect_content "scene one" edit/notes.txt
    keys 3
    wait_for 'stash@\{0\}'
    choose 'stash@'
    keys p
    wait_gone 'Stashes'
    expect_content "wip" edit/notes.txt
}

test_operations_are_undone_by_number() {
    echo "two" >two.txt
    dits add two.txt
    dits tag v1
    start 80 24 NO_COLOR=1
    keys 4
    wait_for 'dits tag v1'
    choose 'dits add two.txt'
    keys u
    wait_for 'Undo operation [0-9]+\?'
    keys y
    wait_for 'undid operation'
    wait_for 'dits add two.txt \(undone\)'
    dits tag >../tags
    expect_content v1 ../tags
}

test_search_goes_through_history_not_loaded_yet() {
    python3 - >../stream <<'END'
print("reset refs/heads/long\n")
for i in range(1500):
    text = f"take {i:04d}" + (" of the storm" if i == 7 else "")
    print(f"commit refs/heads/long\ncommitter A <a@b> {1700000000 + i} +0000\n"
          f"data {len(text)}\n{text}\nM 644 inline f\ndata {len(text)}\n{text}\n")
print("done")
END
    git init -q ../git
    git -C ../git fast-import --quiet --done <../stream
    dits import git ../git >/dev/null
    dits switch -q long
    start 80 24 NO_COLOR=1
    wait_for 'take 1499'
    wait_for '/300\+ '
    keys /
    type_in "OF THE storm"
    wait_for 'take 0007 of the storm'
    keys /
    type_in "take 0009"
    wait_for "no 'take 0009' below"
    keys N
    wait_for 'take 0009'
    keys g
    wait_for 'take 1499'
    keys G
    wait_for 'take 0000'
}

test_size_may_change() {
    start 80 24
    wait_for 'Operations'
    term resize-window -t film -x 20 -y 5
    wait_for 'too small: 30x6 is'
    term resize-window -t film -x 40 -y 10
    wait_for '1 History  2  3  4 +main ?$'
    wait_for '● .*First a'
    expect_lines 10 ../screen
    term resize-window -t film -x 120 -y 40
    wait_for '4 Operations +main ?$'
    keys q
    wait_for 'ready\$ ?$'
}

test_suspending_and_going_on() {
    start 80 24
    wait_for 'First assembly'
    keys C-z
    wait_for 'Stopped'
    type_in 'stty -a | grep -o " icanon"'
    wait_for '^ icanon'
    type_in "fg"
    wait_gone 'icanon'
    wait_for 'First assembly'
    keys 2
    wait_for 'Nothing changed'
}

# The terminal is as it was, and says what happened.
expect_restored() {
    wait_for 'ready\$ ?$'
    wait_gone '─ History ─'
    type_in 'clear; stty -a | grep -o " icanon"; stty -a | grep -o " echo "'
    wait_for '^ icanon'
    wait_for '^ echo'
    expect_equal 1 "$(term display -p -t film '#{cursor_flag}')"
    expect_equal 0 "$(term display -p -t film '#{alternate_on}')"
}

test_the_terminal_is_restored_after_a_crash() {
    # A sanitizer would take the signal for itself, and exit.
    export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0"
    for signal in SEGV KILL ABRT; do
        start 80 24
        wait_for 'First assembly'
        kill -s "$signal" "$(ui_pid)"
        wait_for 'dits: the view was ended by signal'
        expect_restored
    done
}

test_the_terminal_is_restored_when_asked_to_end() {
    start 80 24
    wait_for 'First assembly'
    kill -s TERM "$(guard_pid)"
    expect_restored
    start 80 24
    wait_for 'First assembly'
    kill -s HUP "$(ui_pid)"
    expect_restored
}

test_hostile_names_and_messages_stay_text() {
    name=$(printf 'a\033]0;owned\007b\033[2Jc')
    echo x >"$name"
    dits add .
    dits commit -q -m "$(printf 'sub\033]0;owned\007ject \033[31mred')"
    printf 'line \033]0;owned\007 \033[2J end\n' >"$name"
    in_shell 80 24
    term pipe-pane -t film -o "cat >'$scratch/raw'"
    type_in 'dits ui'
    wait_for 'sub.*ject red'
    keys Enter
    wait_for 'files? changed'
    keys Enter
    wait_for '^ \+x'
    keys 2
    wait_for 'Changed \(1\)'
    keys Enter
    wait_for 'line .* end'
    keys q
    keys x
    wait_for 'Discard the change of'
    keys n q
    wait_for 'ready\$ ?$'
    expect_no_match "$(printf '\033\\]0;owned')" "$scratch/raw"
    expect_no_match "$(printf '\033\\[2J.* end')" "$scratch/raw"
    expect_equal 0 "$(tr -d '\n' <"$scratch/raw" | grep -c "$(printf '\033\\]0;owned')" || :)"
}

test_wide_and_combining_characters_align() {
    dits commit -q --allow-empty -m "映画の場面 second unit"
    dits commit -q --allow-empty -m "$(printf 'cafe\314\201 interior')"
    start 80 24
    wait_for 'First assembly .*2026-11-30'
    python3 - <<'END'
import unicodedata
def width(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
lines = [l for l in open("../screen", encoding="utf-8") if "2026-11-30" in l]
places = {width(l[:l.index("2026-11-30")]) for l in lines}
assert len(lines) == 3 and len(places) == 1, (lines, places)
END
}

test_no_color_is_heeded() {
    start 80 24 NO_COLOR=1
    wait_for 'First assembly'
    term capture-pane -p -e -t film >../colors
    expect_no_match "$(printf '\033\\[[0-9;]*(3[0-8]|4[0-8])')" ../colors
    keys q
    wait_for 'ready\$ ?$'
    start 80 24
    wait_for 'First assembly'
    term capture-pane -p -e -t film >../colors
    expect_match "$(printf '\033\\[[0-9;]*3[0-8]')" ../colors
}

test_long_work_is_stopped() {
    truncate -s 40G huge.mov
    start 80 24 NO_COLOR=1
    keys 2
    wait_for 'huge.mov'
    before=$(operations)
    keys s
    wait_for 'Ctrl-C stops it'
    keys C-c
    wait_for 'dits: .*stopped|because stopped'
    wait_for '\?\?  huge.mov'
    expect_equal "$before" "$(operations)"
    keys 1
    wait_for 'First assembly'
}

test_hooks_print_below() {
    dits branch other
    mkdir -p .dits/hooks
    printf '#!/bin/sh\nprintf "hook was here\\033[2J\\n"\nread line || echo "no input"\n' \
        >.dits/hooks/post-checkout
    chmod +x .dits/hooks/post-checkout
    start 80 24 NO_COLOR=1
    keys 3
    wait_for '\* main'
    choose ' other'
    keys s
    wait_for 'hook was here'
    wait_for 'no input'
    wait_for '\* other'
}

test_pasted_text_presses_no_keys() {
    echo "more" >>edit/notes.txt
    start 80 24
    keys 2
    wait_for 'Changed \(1\)'
    term set-buffer 'sq'
    term paste-buffer -p -t film
    keys '?'
    wait_for '─ Help ─'
    keys q
    wait_for 'Changed \(1\)'
}

test_help_lists_the_keys() {
    start 80 24
    keys '?'
    wait_for 'Ctrl-Z +suspend'
    keys q
    wait_for 'First assembly'
}

test_an_empty_repository() {
    mkdir ../empty
    cd ../empty
    dits init -q .
    start 80 24
    wait_for 'There is no commit yet'
    echo a >a.txt
    keys 2
    wait_for '\?\?  a.txt'
    keys s
    wait_for 'A  a.txt'
    keys u
    wait_for '\?\?  a.txt'
    keys 3
    wait_for 'There is no branch yet'
}

# A clip whose every part has another colour.
make_picture_clip() {
    command -v ffmpeg >/dev/null || skip "no ffmpeg"
    [ -x "$DITS_DECODER" ] || skip "no decoder"
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=320x180:r=25:d=2 -g 25 \
        -c:v mpeg4 -q:v 2 clip.mp4
    dits add clip.mp4
    DITS_DATE="2026-11-30T12:05:00+00:00" dits commit -q -m "A clip"
    dits media clip.mp4 --thumbnail 50% --output ../clip.png
}

answering() {
    python3 "$(dirname "$test_file")/answering_terminal.py" "$@"
}

test_pictures_by_kittys_graphics() {
    make_picture_clip
    answering kitty ../clip.png
}

test_pictures_by_sixel() {
    make_picture_clip
    answering sixel ../clip.png
}

test_a_terminal_that_answers_nothing() {
    make_picture_clip
    answering silent ../clip.png
}

test_pictures_of_characters() {
    make_picture_clip
    start 80 24 COLORTERM=truecolor
    wait_for 'A clip'
    keys Enter
    wait_for 'A  clip.mp4'
    keys Enter
    wait_for '▀▀▀▀'
    wait_for '^ after'
    wait_for '320x180'
    term capture-pane -p -e -t film >../colors
    expect_match '38;2;[0-9]+;[0-9]+;[0-9]+' ../colors
    keys q
    wait_for '1 file changed'
    wait_gone '▀'
}

test_without_a_terminal_it_is_a_usage_error() {
    expect_failure 2 dits ui </dev/null >out
    expect_match "'dits ui' needs a terminal" stderr
    expect_match 'hint: ' stderr
    expect_empty out
}

test_a_terminal_that_cannot() {
    in_shell 80 24
    type_in 'TERM=dumb dits ui'
    wait_for 'dits: this terminal cannot show a screen'
    type_in 'TERM=no-such-terminal dits ui'
    wait_for 'dits: this terminal is not known'
    type_in 'cd /; clear; dits ui'
    wait_for 'dits: .*not .*repository'
}

test_an_unknown_option() {
    expect_failure 2 dits ui --wrong
    expect_match 'wrong' stderr
}

run_tests
