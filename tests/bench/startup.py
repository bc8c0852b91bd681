#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds from the start of the window to its first painted text and to the demo's chart, and the
processor time of ten idle seconds. Needs Xvfb, whose screen is read from its memory file.
Usage: startup.py [path of monotail] [runs]"""
import mmap, os, statistics, subprocess, sys, tempfile, time

BLUE = bytes((0xB2, 0x72, 0x00))  # of the points, as the screen stores it
WIDTH, HEIGHT = 1400, 900


def screen_of(folder):
    path = os.path.join(folder, "Xvfb_screen0")
    while not os.path.exists(path) or os.path.getsize(path) < WIDTH * HEIGHT * 4:
        time.sleep(0.01)
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)


def seconds_until(condition, since):
    while not condition():
        if time.monotonic() - since > 60:
            raise SystemExit("nothing was painted within a minute")
        time.sleep(0.003)
    return time.monotonic() - since


def has_text(screen):
    """Smoothed letters bring many shades; a window's bare ground brings one."""
    pixels = memoryview(screen)[-WIDTH * HEIGHT * 4:].cast("I")
    return len(set(pixels[::7])) > 40


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(program, display, arguments, idle):
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(["Xvfb", display, "-screen", "0", f"{WIDTH}x{HEIGHT}x24",
                                   "-fbdir", folder], stderr=subprocess.DEVNULL)
        screen = screen_of(folder)
        time.sleep(0.5)
        environment = dict(os.environ, DISPLAY=display, QT_QPA_PLATFORM="xcb",
                           XDG_CONFIG_HOME=folder)
        start = time.monotonic()
        app = subprocess.Popen([program, *arguments], env=environment, stderr=subprocess.DEVNULL)
        painted = seconds_until(lambda: has_text(screen), start)
        chart = None
        if arguments:
            chart = seconds_until(lambda: screen[:].count(BLUE) > 200, start)
        used = None
        if idle:
            time.sleep(8)
            before = processor_seconds(app.pid)
            time.sleep(10)
            used = processor_seconds(app.pid) - before
        app.kill()
        app.wait()
        server.terminate()
        server.wait()
        return painted, chart, used


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    program = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../build/bin/monotail")
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    display = f":{os.getpid() % 400 + 100}"
    empty = [run(program, display, [], False)[0] for _ in range(runs)]
    charts = [run(program, display, ["--demo"], False)[1] for _ in range(runs)]
    idle = run(program, display, ["--demo"], True)[2]
    print(f"first painted window: {statistics.median(empty):.2f} s "
          f"(of {runs}: {min(empty):.2f} to {max(empty):.2f})")
    print(f"the demo's chart:     {statistics.median(charts):.2f} s "
          f"(of {runs}: {min(charts):.2f} to {max(charts):.2f})")
    print(f"processor time of 10 idle seconds: {idle:.2f} s")
    print(f"load average: {os.getloadavg()[0]:.1f}")


main()
