"""Runs the tour of README.md against a real server, so that it stays true.

Usage: readme_test.py SERVER TOOL

Of README.md it runs each block that begins with ```sh tour, in order, with the
server's address in place of the one that is printed there. A block marked
"fails" must end with an error. A comment <!-- expect: TEXT --> after a block names
text that its output must hold. Needs TWINGRAPH_GRPCURL and TWINGRAPH_PYTHON, as
scripts/test sets them; without them it is skipped.
"""

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


def start_server(binary):
    """Starts the server; returns it and where it listens."""
    server = subprocess.Popen(
        [binary, "--in-memory", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in server.stdout:
        if line.startswith("listening on "):
            return server, line.split()[-1]
    raise SystemExit("the server did not start")


def make_path(folder, programs):
    """A PATH on which the programs have the names that README.md uses."""
    for name, target in programs.items():
        # A program of a virtual environment must be run from there.
        link = folder / name
        link.write_text(f'#!/bin/sh\nexec "{os.path.abspath(target)}" "$@"\n')
        link.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def run_block(block, address, environment, scratch):
    """Runs one block; returns what is wrong with it."""
    script = block["script"].replace(ADDRESS, address)
    script = script.replace("build/python", str(scratch / "stubs"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env=environment,
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
    server, address = start_server(server_binary)
    failures = 0
    try:
        with tempfile.TemporaryDirectory() as name:
            scratch = pathlib.Path(name)
            programs = {
                "grpcurl": os.environ["TWINGRAPH_GRPCURL"],
                "python": os.environ["TWINGRAPH_PYTHON"],
                "twingraph": tool_binary,
            }
            environment = dict(
                os.environ,
                PATH=make_path(scratch, programs),
                TWINGRAPH_SERVER=address,
            )
            for block in blocks:
                for problem in run_block(block, address, environment, scratch):
                    failures += 1
                    print(f"FAILED: {problem}", flush=True)
    finally:
        server.terminate()
        server.wait()
    print(f"{len(blocks)} blocks, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
