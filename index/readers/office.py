"""Files of old Office formats through an installed LibreOffice: no macros, no network, no longer than it may take."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from index import messages
from index.errors import ChooseAnotherFile, ChooseFileLater

logger = logging.getLogger(__name__)

SECONDS = 60.0
MAX_RESULT = 400_000_000
_PROGRAMS = ("soffice", "libreoffice")
# Nobody listens there: what a document asks from the network is refused at once.
_NOWHERE = "127.0.0.1:9"
_COMMON, _INET, _LINKS = (
    "/org.openoffice.Office.Common/Security/Scripting", "/org.openoffice.Inet/Settings", "/org.openoffice.Office.Writer/Content/Update",
)
_SETTINGS = (
    (_COMMON, "MacroSecurityLevel", "3"),
    (_COMMON, "DisableMacrosExecution", "true"),
    (_COMMON, "DisableActiveContent", "true"),
    (_COMMON, "BlockUntrustedRefererLinks", "true"),
    (_LINKS, "Link", "0"),
    (_INET, "ooInetProxyType", "1"),
    (_INET, "ooInetNoProxy", ""),
    *((_INET, f"ooInet{kind}ProxyName", _NOWHERE.split(":")[0]) for kind in ("HTTP", "HTTPS", "FTP")),
    *((_INET, f"ooInet{kind}ProxyPort", _NOWHERE.split(":")[1]) for kind in ("HTTP", "HTTPS", "FTP")),
)


def convert(data: bytes, suffix: str, target: str, *, seconds: float = SECONDS) -> bytes:
    """Return a file in another format, as LibreOffice writes it.

    Args:
        data: the file.
        suffix: what it is, with the dot (".doc").
        target: what it shall be, without the dot ("docx").
        seconds: after that time LibreOffice is ended with all it started.

    Raises:
        ChooseAnotherFile: LibreOffice is not installed, takes too long or cannot read the file.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise ChooseFileLater(messages.office_missing(suffix))
    with tempfile.TemporaryDirectory(prefix="hoi-bao-cao-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"source{suffix}")
        source.write_bytes(data)
        profile = _write_profile(Path(folder, "profile"))
        command = [
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to", target, "--outdir", str(Path(folder, "out")), str(source),
        ]
        _run(command, folder=folder, suffix=suffix, seconds=seconds)
        result = Path(folder, "out", f"source.{target.partition(':')[0]}")
        if not result.is_file() or not 0 < result.stat().st_size <= MAX_RESULT:
            raise ChooseAnotherFile(messages.office_failed(suffix))
        return result.read_bytes()


def _run(command: list[str], *, folder: str, suffix: str, seconds: float) -> None:
    # Temporary files of LibreOffice go where they are removed; a proxy of the system is not asked.
    environment = {key: value for key, value in os.environ.items() if key.lower() != "no_proxy"}
    environment |= {"HOME": folder, "TMPDIR": folder, "SAL_USE_VCLPLUGIN": "svp"}
    environment |= {name: f"http://{_NOWHERE}" for name in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy")}
    # LibreOffice starts programs of its own: a session of their own lets all be ended together.
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=seconds)
        logger.debug("LibreOffice ended with %s: %s", process.returncode, said.decode(errors="replace"))
    except subprocess.TimeoutExpired as error:
        raise ChooseAnotherFile(messages.office_late(suffix, seconds)) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all it started; what has already ended is left alone."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
    process.communicate()


def _write_profile(folder: Path) -> Path:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>' for path, name, value in _SETTINGS
    )
    settings = folder / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        encoding="utf-8",
    )
    return folder
