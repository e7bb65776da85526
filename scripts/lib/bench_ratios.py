"""Prints ratios of Google Benchmark results beside their targets.

    bench_ratios.py RATIOS.json RESULT.json

A ratio is median("time") / median("over") over the repetitions of one run, in
processor time where one thread measures and in real time elsewhere; or the worst
"longest" of them, which the benchmark reports in mean calls. Exits with
1 where a target is missed, 2 where a measurement is missing.
"""

import json
import statistics
import sys


def medians(result):
    samples = {}
    for run in result["benchmarks"]:
        if run.get("run_type") == "iteration" and not run.get("error_occurred"):
            times = samples.setdefault(run["run_name"], {"cpu": [], "real": []})
            times["cpu"].append(run["cpu_time"])
            times["real"].append(run["real_time"])
    return {
        name: {clock: statistics.median(all_times) for clock, all_times in times.items()}
        for name, times in samples.items()
    }


def longest_waits(result):
    waits = {}
    for run in result["benchmarks"]:
        if "longest_waits" in run:
            name = run["run_name"]
            waits[name] = max(waits.get(name, 0), run["longest_waits"])
    return waits


def value_of(ratio, times, waits):
    """None where it was not measured."""
    if "longest" in ratio:
        return waits.get(ratio["longest"])
    if ratio["time"] not in times or ratio["over"] not in times:
        return None
    clock = ratio["clock"]
    return times[ratio["time"]][clock] / times[ratio["over"]][clock]


def main(ratios_path, result_path):
    with open(ratios_path, encoding="utf-8") as file:
        ratios = json.load(file)
    with open(result_path, encoding="utf-8") as file:
        result = json.load(file)
    times, waits = medians(result), longest_waits(result)
    missed = absent = 0
    print(f"{'ratio':>7}  {'target':>8}  what")
    for ratio in ratios:
        value = value_of(ratio, times, waits)
        if value is None:
            absent += 1
            continue
        if "most" in ratio:
            target, holds = f"<= {ratio['most']}", value <= ratio["most"]
        else:
            target, holds = f">= {ratio['least']}", value >= ratio["least"]
        missed += not holds
        mark = "" if holds else "   MISSED"
        print(f"{value:7.2f}  {target:>8}  {ratio['what']}{mark}")
    print(f"{len(ratios) - absent} ratios, {missed} missed their target"
          + (f", {absent} not measured" if absent else ""))
    return 2 if absent else 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
