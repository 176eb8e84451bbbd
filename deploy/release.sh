# shellcheck shell=bash disable=SC2034
# Shared by script/install and script/update: where things are, and how a version is put beside the others.
# A version lies in /srv/lupus/releases under the name of its commit, belongs to root and is never changed once it is ready;
# /srv/lupus/site is a link to the one that runs. Expects the function `run`, which executes a command, or only prints it.

home=/srv/lupus
data=$home/data
backups=$home/backups
down=$home/down
site=$home/site
releases=$home/releases
repository=$home/repository
env_file=/etc/lupus.env

fail() {
    printf '%s: %s\n' "$0" "$1" >&2
    exit 1
}

setting() { # setting NAME: what the file of settings says, or nothing
    [ -r "$env_file" ] || return 0
    sed -n "s/^$1=//p" "$env_file" | tail -n 1 | sed 's/^"\(.*\)"$/\1/'
}

# make_release COMMIT [CHECKOUT]: lays the version out and installs what it needs; packages are taken over from the running
# version, or from the checkout, when they are the same.
make_release() {
    local to=$releases/$1 from
    if [ -e "$to/.ready" ]; then
        echo "Version ${1:0:10} is there already."
        return
    fi
    run rm -rf "$to"
    run install -d -m 755 "$releases" "$to"
    run sh -c "git -C '$repository' archive '$1' | tar -x -C '$to'"
    for from in "$site" "${2:-$site}"; do
        # Not a Python of somebody's own, which the site may not reach.
        [[ $(readlink -f "$from/.venv/bin/python") = /usr/bin/* ]] || continue
        if [ ! -e "$to/.venv" ] && cmp -s "$from/.venv/installed-requirements.txt" "${3:-$to/requirements.txt}" 2>/dev/null; then
            run cp -a --reflink=auto "$(readlink -f "$from/.venv")" "$to/.venv"
        fi
    done
    run "$to/script/setup" requirements.txt
    run "$to/script/static"
    run "$to/.venv/bin/python" -m compileall -q "$to/lupussite" "$to/comments" "$to/articles" "$to/mail" "$to/web" "$to/accounts"
    run chmod -R go=rX "$to"
    run touch "$to/.ready"
}

# point_to COMMIT: makes it the version that runs at the next start.
point_to() {
    run ln -sfn "releases/$1" "$site.new"
    run mv -T "$site.new" "$site"
}
