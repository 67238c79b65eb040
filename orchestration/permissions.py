"""Who may read what lies in a home, by folder: what no line here names is for its owner only.

    <home>/                        0711    a way through to what is published, without a list of what else is there
    published/                     0755
    published/r-.../               0755
    published/r-.../internal/      0750, files 0440, of the group that INSIGHTS_GROUP names
    published/r-.../public/        0755, files 0444
    everything else                0700, files 0600

What a process makes is private from the start (`make_private`), whichever package writes it; releases are opened as
the last step of publishing (`open_release`). `close_home` puts right what an earlier version, a copy or somebody's
chmod has left. Folders go before what lies in them, so nobody else can exchange a file for a link meanwhile, and links
are never followed.

The group is of the machine and not of the programme: the programme is part of what a release is made from, and who may
read a release changes nothing in it.
"""

from __future__ import annotations

import grp
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.errors import OperatorError
from orchestration.progress import first_of, many, say
from orchestration.settings import PROJECT_ROOT, Settings
from reporting.release_files import PUBLIC

#: The variable that names the group of the internal sides.
GROUP = "INSIGHTS_GROUP"
_RELEASE = re.compile("r-[0-9a-f]{12}")
_HOME, _PUBLISHED = 0o711, 0o755
_OTHERS = 0o077
_READ_OR_WRITE, _PASS = 0o066, 0o011
# What a run makes in a home. Anything else there is somebody's own: it is closed to others and its owner's rights stay.
_MADE = frozenset({"warehouse", "published", "dagster", "register", "reports", "decisions.jsonl"})


@dataclass(frozen=True)
class _Mode:
    """The permissions of folders and of files; `keeps_owners`: only what others may do is taken away."""

    folder: int
    file: int
    keeps_owners: bool = False
    group: int | None = None

    def of(self, found: os.stat_result) -> int:
        if self.keeps_owners:
            return found.st_mode & 0o700
        return self.folder if stat.S_ISDIR(found.st_mode) else self.file


_PRIVATE, _OWN, _PUBLIC = _Mode(0o700, 0o600), _Mode(0o700, 0o700, keeps_owners=True), _Mode(0o755, 0o444)


@dataclass
class _Found:
    """What a walk met: how many places were open to others, by where they lie, links, and what is another user's."""

    home: Path
    owners: frozenset[int]
    opened: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def name(self, path: Path) -> str:
        return "the folder itself" if path == self.home else path.relative_to(self.home).as_posix()

    def top(self, path: Path) -> str:
        return path.relative_to(self.home).parts[0]


def make_private() -> None:
    """From now on whatever this process makes, and those it starts, can be read by its user only."""
    os.umask(_OTHERS)


def make_home_folder(home: Path) -> None:
    """Make the folder of a home where it is missing; it and the folders to it let others through and list nothing."""
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(_HOME)


def readers_group() -> int | None:
    """The number of the group that INSIGHTS_GROUP names; None where it names none.

    Raises OperatorError when this machine has no such group, or the user is not in it and so cannot give it a file.
    """
    name = os.environ.get(GROUP)
    if not name:
        return None
    try:
        group = grp.getgrnam(name).gr_gid
    except KeyError:
        raise OperatorError(
            f"{GROUP} names a group that this machine has not. Nothing was done; the last release stays in place. "
            "Correct the name (`getent group` lists them), or have the group made, then run again."
        ) from None
    if not _may_give(group):
        raise OperatorError(
            f"{GROUP} names a group that the user of this run is not in, so releases cannot be given to it. Nothing "
            "was done; the last release stays in place. Have the user added (`sudo usermod -aG <group> <user>`), log "
            "in again, then run again; or name another group."
        )
    return group


def close_home(settings: Settings) -> None:
    """Give everything in a home its permissions, and say what others could read until now. Files keep their content.

    The raw folder and the programme may lie in it and are left alone, and of a folder that is more than a home (a
    repository, somebody's home directory) all but what a run makes.

    Raises OperatorError when the group cannot be used, when something belongs to another user, or when permissions
    cannot be set.
    """
    home, group = settings.home, readers_group()
    make_home_folder(home)
    found = _Found(home, frozenset({os.geteuid()} | ({home.stat().st_uid} if os.geteuid() == 0 else set())))
    try:
        if not _is_more_than_a_home(home):
            _set(home, home.lstat(), _Mode(_HOME, _HOME), found, may_pass=False)
        for path in _entries(settings):
            if path == settings.published_path:
                _close_published(path, group, found)
            else:
                _close(path, _PRIVATE if path.name in _MADE else _OWN, found)
    except OSError as error:
        raise OperatorError(
            f"The permissions of the home {home} cannot be set ({error.strerror}), so others might read it. Nothing "
            "was built; the last release stays in place. Give the folder to the user of this run (`chown -R`), on a "
            "disk that keeps permissions, then run again."
        ) from None
    if found.foreign:
        raise OperatorError(
            f"Another user owns {many(len(found.foreign), 'place')} of the home {home}, and can read and change what "
            f"is there whatever a run does: {first_of(found.foreign, 3)}. Nothing was built; the last release stays in "
            "place. A home is of one user: run as that one, or give everything to this one (`sudo chown -R <user> "
            f"{home}`), then run again."
        )
    _tell(found)


def open_release(folder: Path) -> None:
    """Let a release that is complete be read: the inside by the group, the public side by anyone, and the way to it.

    The group is the one that INSIGHTS_GROUP names, else that of `published/`, so a home keeps the one it was given.
    Raises OperatorError like `readers_group`, OSError.
    """
    group, published = readers_group(), folder.parent
    if group is None and _may_give(published.stat().st_gid):
        group = published.stat().st_gid
    found = _Found(published.parent, frozenset({os.geteuid()}))
    _set(published, published.lstat(), _Mode(_PUBLISHED, _PUBLISHED, group=group), found, may_pass=False)
    _close_release(folder, group, found)


def _may_give(group: int) -> bool:
    return os.geteuid() == 0 or group in {os.getegid(), *os.getgroups()}


def _is_more_than_a_home(home: Path) -> bool:
    return home in {PROJECT_ROOT, Path(os.environ.get("HOME") or "/"), Path("/")} or (home / ".git").exists()


def _entries(settings: Settings) -> Iterator[Path]:
    """What lies in a home and is a run's to close, in the order of names."""
    more = _is_more_than_a_home(settings.home)
    for path in sorted(settings.home.iterdir()):
        kept = any(path == other or path in other.parents for other in (settings.raw_dir, settings.programme_dir))
        if path.name in _MADE or not (more or kept):
            yield path


def _close_published(published: Path, group: int | None, found: _Found) -> None:
    may_pass = _set(published, published.lstat(), _Mode(_PUBLISHED, _PRIVATE.file, group=group), found, may_pass=True)
    for path in _inside(published) if may_pass is not None else ():
        if _RELEASE.fullmatch(path.name):
            _close_release(path, group, found)
        elif path.name != "current" or not path.is_symlink():
            # The next release while it is made, one that was put aside: what a release holds, open to nobody.
            _close(path, _PRIVATE, found)


def _close_release(release: Path, group: int | None, found: _Found) -> None:
    # Releases of before there were two sides have tables beside them: those are of the inside.
    inside = _Mode(0o750, 0o440, group=group)
    if _set(release, release.lstat(), _Mode(_PUBLISHED, inside.file, group=group), found, may_pass=True) is None:
        return
    for path in _inside(release):
        if not path.is_symlink():
            _close(path, _PUBLIC if path.name == PUBLIC else inside, found)


def _close(path: Path, mode: _Mode, found: _Found, *, may_pass: bool = True) -> None:
    """Give a file, or a folder and then all that lies in it, its permissions."""
    try:
        passed = _set(path, path.lstat(), mode, found, may_pass=may_pass)
        for inside in _inside(path) if passed is not None else ():
            _close(inside, mode, found, may_pass=bool(passed))
    except FileNotFoundError:
        # The web server writes, and removes, files of its own at any time.
        return


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def _set(path: Path, status: os.stat_result, mode: _Mode, found: _Found, *, may_pass: bool) -> bool | None:
    """Set the permissions of one place, told as open where others found a way to it.

    Returns whether others found a way into a folder until now; None where nothing is to be done inside.
    """
    if stat.S_ISLNK(status.st_mode):
        found.links.append(found.name(path))
        return None
    before, wanted = stat.S_IMODE(status.st_mode), mode.of(status)
    if status.st_uid not in found.owners:
        # Somebody's own that is closed, such as lost+found of a disk, is nobody's business.
        if before & _OTHERS or not mode.keeps_owners:
            found.foreign.append(found.name(path))
        return None
    if mode.group is not None and status.st_gid != mode.group:
        os.chown(path, -1, mode.group, follow_symlinks=False)
    if before != wanted:
        path.chmod(wanted)
    if may_pass and before & ~wanted & _READ_OR_WRITE and path != found.home:
        found.opened[found.top(path)] += 1
    return (may_pass and bool(before & _PASS)) if stat.S_ISDIR(status.st_mode) else None


def _tell(found: _Found) -> None:
    """On the screen: what was open until now, and what no permission of the home closes."""
    if found.opened:
        say(
            f"  {many(found.opened.total(), 'place')} of the home could be read or written by others until now (in "
            f"{', '.join(sorted(found.opened))}); closed"
        )
    if found.links:
        say(
            f"  {many(len(found.links), 'link')} in the home ({first_of(found.links, 3)}): who may read what they lead "
            "to is not looked at here; see to it yourself"
        )
    for folder in found.home.parents:
        mode = folder.stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            say(
                f"  anybody can write to {folder}, so anybody can put another folder in the place of this home: "
                f"`chmod o-w {folder}`"
            )
