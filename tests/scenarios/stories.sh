# Stories: several commands together, as on a day's work.
# shellcheck shell=sh

setup() {
    vcs init
    numbers script.txt 1 30
    mkdir -p shots/day1 shots/day2
    lines shots/day1/notes.txt "first take" "second take"
    binary shots/day1/clip.bin 1
    binary shots/day2/clip.bin 2
    commit "assembly"
}

test_a_feature_branch() {
    vcs switch -c grade
    line 3 graded script.txt
    commit "grade one"
    line 20 graded script.txt
    commit "grade two"
    vcs switch main
    vcs merge --no-ff -m "grade is in" grade
    vcs branch -d grade
    shows vcs log --format=%s
    shows vcs log --format=%s --first-parent
}

test_a_commit_on_the_wrong_branch() {
    vcs branch right
    line 3 wrong script.txt
    commit "meant for right"
    vcs switch right
    vcs merge main
    vcs switch main
    vcs reset --hard HEAD~1
}

test_a_commit_taken_apart() {
    line 3 three script.txt
    lines shots/day1/notes.txt "third take"
    commit both
    vcs reset HEAD~1
    vcs add script.txt
    vcs commit -m "the script"
    vcs commit -a -m "the notes"
}

test_commits_put_together() {
    for number in 1 2 3; do
        line "$number" changed script.txt
        commit "step $number"
    done
    vcs reset --soft HEAD~3
    vcs commit -m "all steps"
}

test_a_folder_moved_while_another_works_in_it() {
    vcs switch -c other
    lines shots/day1/notes.txt "first take" "second take" "third take"
    commit "a take more"
    vcs switch main
    vcs mv shots/day1 shots/monday
    vcs commit -m "by name"
    vcs merge -m "both" other
}

test_release_and_hotfix() {
    vcs tag -m "first cut" v1
    line 3 new script.txt
    commit "going on"
    vcs switch -c hotfix v1
    line 28 fixed script.txt
    commit "urgent"
    vcs tag v1.1
    vcs switch main
    vcs merge -m "hotfix, too" v1.1
    shows vcs log --format=%s v1..main
}

test_two_people_and_a_long_merge() {
    vcs switch -c other
    line 5 theirs script.txt
    binary shots/day1/clip.bin 9
    lines shots/day2/notes.txt theirs
    commit theirs
    vcs switch main
    line 6 ours script.txt
    lines shots/day2/notes.txt ours
    commit ours
    fails vcs merge other
    sed -i '/^[<=>]/d' script.txt
    vcs add script.txt
    lines shots/day2/notes.txt both
    vcs add shots
    vcs commit -m "together"
    shows vcs log --format=%s
}

test_everything_removed_and_brought_back() {
    vcs rm -q -r .
    vcs commit -m "all gone"
    vcs checkout HEAD~1 -- .
    vcs commit -m "all back"
}

test_a_file_tracked_by_mistake() {
    lines secret.txt x
    commit "a mistake"
    vcs rm -q --cached secret.txt
    ignore secret.txt
    vcs add -A
    vcs commit -q --amend -m "no mistake"
    vcs status
}

test_work_on_a_detached_head_kept() {
    vcs switch --detach HEAD
    line 1 trial script.txt
    commit trial
    vcs switch -c trial
    vcs switch main
    vcs merge trial
    vcs branch -d trial
}

test_looking_at_the_past_and_coming_back() {
    line 1 second script.txt
    commit second
    vcs checkout HEAD~1
    vcs checkout -
    vcs checkout HEAD~1 -- script.txt
    vcs restore --staged script.txt
    vcs restore script.txt
}
