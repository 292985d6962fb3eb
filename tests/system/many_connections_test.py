# SPDX-License-Identifier: ISC
"""Many connections at once: the memory that 50 logins need, and that the time of a refusal does not
show which names exist."""

import concurrent.futures
import contextlib
import fcntl
import os
import signal
import statistics
import struct
import threading
import time

import harness
from harness import PASSWORD, Session, SiteTest

CROWD = 50
DEFAULT_MEMORY = 19 << 20  # of one verification
SLACK = 100 << 20
TRIES = 100
SAME_TIME = 0.005  # seconds
F_OFD_SETLK = 37


def add_many(site, count):
    """Adds users with one password and one hash at the default cost, which takes time to make."""
    site.add_user("user0", cost=())
    line = site.users_file.read_text().strip()
    for number in range(1, count):
        site.add_user(f"user{number}", mails=[b"one\n"])
    lines = [line.replace("user0:", f"user{n}:").replace(":5000:5000:", f":{5000 + n}:{5000 + n}:")
             for n in range(count)]
    site.users_file.write_text("\n".join(lines) + "\n")


def proportional_memory(pid):
    """The proportional set size of a process in octets; 0 for a process that has ended."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0


def with_children(pids):
    """The processes `pids` and their children."""
    family = set(pids)
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", "rb") as file:
                if int(file.read().rsplit(b")", 1)[1].split()[1]) in pids:
                    family.add(int(entry))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return family


def send_signal(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


class Sampler(threading.Thread):
    """Adds up the memory of processes and their children again and again, and keeps the peak. They
    are stopped meanwhile: a sum of different moments would count memory several times that one
    process after the other has had."""

    def __init__(self, pids):
        super().__init__()
        self.pids = set(pids)
        self.peak = 0
        self.most_verifications = 0
        self.done = threading.Event()

    def run(self):
        while not self.done.wait(0.02):
            memory = self.sample()
            self.peak = max(self.peak, sum(memory))
            verifications = sum(one > DEFAULT_MEMORY / 2 for one in memory)
            self.most_verifications = max(self.most_verifications, verifications)

    def sample(self):
        stopped = set()
        try:
            while others := with_children(self.pids) - stopped:  # born before their parents stopped
                send_signal(others, signal.SIGSTOP)
                stopped |= others
            return list(map(proportional_memory, stopped))
        finally:
            send_signal(stopped, signal.SIGCONT)


class ManyConnections(SiteTest):
    def test_fifty_logins_at_once_all_succeed_in_bounded_memory(self):
        add_many(self.site, CROWD)
        sessions = [Session(self.site) for _ in range(CROWD)]
        for session in sessions:
            session.__enter__()
            self.addCleanup(session.__exit__)
        sampler = Sampler([session.process.pid for session in sessions])
        if harness.IS_ROOT:  # only root may look into these processes
            sampler.start()
        begin = time.monotonic()
        try:
            with concurrent.futures.ThreadPoolExecutor(CROWD) as pool:
                replies = list(pool.map(
                    lambda pair: pair[1].login(f"user{pair[0]}"), enumerate(sessions)))
        finally:
            sampler.done.set()
        lasted = time.monotonic() - begin
        for reply in replies:
            self.assert_ok(reply)
        harness.report(f"{CROWD} logins at once, seconds", f"{lasted:.2f}")
        if harness.IS_ROOT:
            sampler.join()
            slots = len(os.sched_getaffinity(0))
            bound = slots * DEFAULT_MEMORY + SLACK
            harness.report(f"peak memory of {CROWD} logins, MiB",
                           f"{sampler.peak / 2**20:.1f} of {bound / 2**20:.0f}")
            self.assertGreater(sampler.most_verifications, 0, "no verification was seen")
            self.assertLessEqual(sampler.most_verifications, slots)
            self.assertLess(sampler.peak, bound)

    def refusal_times(self, session, names):
        """Seconds from PASS to its refusal, for each name."""
        times = []
        for name in names:
            self.assert_ok(session.command(f"USER {name}"))
            begin = time.monotonic()
            reply = session.command("PASS wrong")
            times.append(time.monotonic() - begin)
            self.assert_err(reply, "AUTH")
        return times

    def compare(self, name, wrong, unknown, allowed=SAME_TIME):
        """The medians may differ by what is allowed, or on a busy machine by half of the spread of
        one kind: a difference of the work moves a median by more, whatever the load."""
        difference = statistics.median(unknown) - statistics.median(wrong)
        quartiles = statistics.quantiles(wrong, n=4)
        allowed = max(allowed, (quartiles[2] - quartiles[0]) / 2)
        harness.report(
            f"median refusal {name}: wrong password, unknown name, difference in ms",
            f"{statistics.median(wrong) * 1e3:.2f}, {statistics.median(unknown) * 1e3:.2f}, "
            f"{difference * 1e3:.2f}")
        self.assertLess(abs(difference), allowed)

    def test_time_does_not_tell_an_unknown_name_from_a_wrong_password(self):
        self.site.configure(failure_delay=1, attempts=100)
        self.site.add_user("alice", cost=())
        connections = 20
        each = TRIES // connections

        def one_connection(number):
            # One after the other within a second, since the delay hides only what is done before its
            # end: passwords that are sent at once wait for each other.
            time.sleep(number / connections)
            with Session(self.site) as session:
                return self.refusal_times(session, ["alice", "nobody-here"] * each)
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            times = list(pool.map(one_connection, range(connections)))
        wrong = [seconds for one in times for seconds in one[0::2]]
        unknown = [seconds for one in times for seconds in one[1::2]]
        self.assertEqual((len(wrong), len(unknown)), (TRIES, TRIES))
        self.compare("with a delay of 1 s", wrong, unknown)

    def test_time_does_not_tell_either_without_the_delay(self):
        self.site.configure(failure_delay=0, attempts=100)
        self.site.add_user("alice", cost=())
        with Session(self.site) as session:
            times = self.refusal_times(session, ["alice", "nobody-here"] * 50)
        # Without the delay, the load of the machine shows in the times. If the work for the two
        # names differed, the times would differ by the whole median.
        self.compare("without a delay", times[0::2], times[1::2],
                     max(SAME_TIME, statistics.median(times) / 5))

    def hold_every_hash_slot(self):
        """Holds every slot as if other processes verified for ever; gives the open file. Closing it
        frees the slots."""
        file = open(self.site.root / "run" / "hash-slots", "a+b")
        self.addCleanup(file.close)
        # An OFD lock, which Python has no name for: type, whence, start, length (0: all), pid.
        fcntl.fcntl(file, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
        return file

    def test_a_login_waits_for_a_hash_slot(self):
        self.site.add_user("alice")
        file = self.hold_every_hash_slot()
        with Session(self.site) as session:
            self.assert_ok(session.command("USER alice"))
            session.send(f"PASS {PASSWORD}\r\n")
            session.socket.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                session.socket.recv(1)
            file.close()
            session.socket.settimeout(harness.PATIENCE)
            self.assert_ok(session.line())

    def test_waiting_for_a_hash_slot_counts_towards_the_login_limit(self):
        self.site.configure(login_limit=2)
        self.site.add_user("alice")
        self.hold_every_hash_slot()
        with Session(self.site) as session:
            session.send(f"USER alice\r\nPASS {PASSWORD}\r\n")
            answer = session.rest()
            self.assertIn(b"\r\n-ERR [SYS/TEMP]", answer)
            self.site.wait_for_event("unavailable", reason="no-hash-slot")


if __name__ == "__main__":
    harness.main()
