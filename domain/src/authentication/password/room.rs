//! How many passwords are hashed at a time: as many as there are cores, unless there is not the memory for so many.

/// The memory that processes of this machine may still take, in KiB, as Linux tells it.
const MACHINE: &str = "/proc/meminfo";
/// What a container may take, in bytes, or `max`: that of our own control group, which a container sees as the root.
const CONTAINER: &str = "/sys/fs/cgroup/memory.max";

/// How many hashes of `memory_kib` each run at a time on so many cores. Looks at the machine.
pub(super) fn parallel(cores: usize, memory_kib: u32) -> usize {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let room = room_kib(&read(MACHINE), &read(CONTAINER));
    fitting(cores, memory_kib, room)
}

/// One for each core, but no more than fit into half of the room: the rest of the server needs some too. At least one.
fn fitting(cores: usize, memory_kib: u32, room_kib: Option<u64>) -> usize {
    let fit = room_kib.map(|room| room / 2 / u64::from(memory_kib.max(1)));
    let fit = fit.map_or(usize::MAX, |fit| usize::try_from(fit).unwrap_or(usize::MAX));
    cores.min(fit).max(1)
}

/// The smaller of what the machine has and what the container may have, in KiB; `None` where neither says anything.
fn room_kib(machine: &str, container: &str) -> Option<u64> {
    let available = machine.lines().find_map(|line| {
        let rest = line.strip_prefix("MemAvailable:")?.trim();
        rest.strip_suffix("kB")?.trim().parse::<u64>().ok()
    });
    let allowed = container.trim().parse::<u64>().ok().map(|bytes| bytes / 1024);
    available.into_iter().chain(allowed).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024;

    #[test]
    fn so_many_hash_at_a_time_as_cores_and_half_of_the_memory_bear() {
        let cost = 19_456;
        // Plenty of memory: the cores decide.
        assert_eq!(fitting(8, cost, Some(4096 * MIB)), 8);
        assert_eq!(fitting(8, cost, None), 8);
        // 128 MiB: half of it has room for three hashes of 19 MiB.
        assert_eq!(fitting(8, cost, Some(128 * MIB)), 3);
        assert_eq!(fitting(2, cost, Some(128 * MIB)), 2);
        // Somebody can always sign in.
        assert_eq!(fitting(8, cost, Some(16 * MIB)), 1);
        assert_eq!(fitting(0, cost, Some(0)), 1);
        assert_eq!(fitting(4, 0, Some(MIB)), 4);
    }

    #[test]
    fn the_room_is_the_smaller_of_what_the_machine_has_and_what_the_container_may_have() {
        let machine = "MemTotal:       24684084 kB\nMemFree:  100 kB\nMemAvailable:   2048 kB\n";
        assert_eq!(room_kib(machine, "max\n"), Some(2048));
        assert_eq!(room_kib(machine, ""), Some(2048));
        assert_eq!(room_kib(machine, "1048576\n"), Some(1024));
        assert_eq!(room_kib(machine, "1073741824\n"), Some(2048));
        assert_eq!(room_kib("", "1048576\n"), Some(1024));
        assert_eq!(room_kib("MemAvailable: lots", "none"), None);
    }
}
