"""Runs the tour of README.md against a real server, so that it stays true.

Usage: readme_test.py SERVER TOOL

Of README.md it runs each block that begins with ```sh tour, in order, with the
server's address in place of the one that is printed there. A block marked
"fails" must end with an error, and one marked "kept" speaks to a server that keeps
its graph in plant and its backups in backups. A comment <!-- expect: TEXT --> after a block names
text that its output must hold. Needs TWINGRAPH_GRPCURL and TWINGRAPH_PYTHON, as
scripts/test sets them; without them it is skipped.
"""

import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
ADDRESS = "127.0.0.1:50051"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(
    r"^```sh tour(?P<marks>[^\n]*)\n(?P<script>.*?)^```\n"
    r"(?P<comments>(?:\s*<!-- expect: .*? -->\n)*)",
    re.MULTILINE | re.DOTALL,
)
EXPECT = re.compile(r"<!-- expect: (.*?) -->")


@contextlib.contextmanager
def running_server(binary, folder, *flags):
    """A server, from start to stop; gives where it listens."""
    server = subprocess.Popen(
        [os.path.abspath(binary), "--listen", "127.0.0.1:0", *flags],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()
        if not line.startswith("listening on "):
            raise SystemExit("the server did not start")
        yield line.split()[-1]
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def make_path(folder, programs):
    """A PATH on which the programs have the names that README.md uses."""
    for name, target in programs.items():
        # A program of a virtual environment must be run from there.
        link = folder / name
        link.write_text(f'#!/bin/sh\nexec "{os.path.abspath(target)}" "$@"\n')
        link.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def run_block(block, addresses, environment, scratch):
    """Runs one block; returns what is wrong with it."""
    is_kept = "kept" in block["marks"].split()
    address = addresses["kept" if is_kept else "tour"]
    script = block["script"].replace(ADDRESS, address)
    script = script.replace("build/python", str(scratch / "stubs"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=scratch if is_kept else ROOT,
        env=dict(environment, TWINGRAPH_SERVER=address),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    print(f"$ {script}{done.stdout}", flush=True)
    problems = []
    if (done.returncode != 0) != ("fails" in block["marks"].split()):
        problems.append(f"exit status {done.returncode}")
    for text in EXPECT.findall(block["comments"]):
        if text not in done.stdout:
            problems.append(f"the output lacks {text!r}")
    return problems


def main(server_binary, tool_binary):
    if "TWINGRAPH_GRPCURL" not in os.environ or "TWINGRAPH_PYTHON" not in os.environ:
        print("skipped: TWINGRAPH_GRPCURL and TWINGRAPH_PYTHON are not set")
        return SKIPPED
    blocks = list(BLOCK.finditer((ROOT / "README.md").read_text()))
    if len(blocks) < 5:
        print(f"README.md has {len(blocks)} blocks of its tour; it should have more")
        return 1
    failures = 0
    with tempfile.TemporaryDirectory() as name, \
            running_server(server_binary, name, "--in-memory") as tour, \
            running_server(server_binary, name, "--data-dir", "plant",
                           "--backup-dir", "backups") as kept:
        scratch = pathlib.Path(name)
        programs = {
            "grpcurl": os.environ["TWINGRAPH_GRPCURL"],
            "python": os.environ["TWINGRAPH_PYTHON"],
            "twingraph": tool_binary,
            "twingraph-server": server_binary,
        }
        environment = dict(os.environ, PATH=make_path(scratch, programs))
        for block in blocks:
            for problem in run_block(block, {"tour": tour, "kept": kept}, environment, scratch):
                failures += 1
                print(f"FAILED: {problem}", flush=True)
    print(f"{len(blocks)} blocks, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
