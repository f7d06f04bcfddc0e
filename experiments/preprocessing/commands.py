"""Running the project's commands."""
import subprocess


def run(*command, good=(0,), stdout=None):
    if subprocess.run([str(part) for part in command], check=False, stdout=stdout).returncode not in good:
        raise SystemExit(f"failed: {' '.join(map(str, command))}")


def tolerant(*command, stdout=None):
    """Exit code 1 says that some pictures were rejected; the tables count them."""
    run(*command, good=(0, 1), stdout=stdout)
