//! Work that searches do not wait for.

use std::future::Future;
use std::io;
use std::thread::JoinHandle;

/// How much less of a processor that is short such work gets: a tenth of what a search gets.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Makes this thread, and those that it starts from now on, give way to others when the processor is short.
///
/// Where threads have no priority of their own, it does nothing.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::debug!(%error, "this thread does not give way");
    }
}

/// Runs a job on a thread of its own, which gives way to others, as do the threads that the job starts.
pub fn patiently(job: impl Future<Output = ()> + Send + 'static) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    std::thread::Builder::new().name("jobs".to_owned()).spawn(move || {
        give_way();
        runtime.block_on(job);
    })
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// How nice the thread is that asks: the 19th field of `proc_pid_stat(5)`.
    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
        stat.rsplit(") ").next().unwrap().split(' ').nth(16).unwrap().parse().unwrap()
    }

    #[test]
    fn a_job_and_the_threads_it_starts_give_way_and_no_others() {
        let (tell, told) = std::sync::mpsc::channel();
        let before = niceness();
        let job = patiently(async move {
            let started = tokio::task::spawn_blocking(niceness).await.unwrap();
            let scoped = std::thread::scope(|scope| scope.spawn(niceness).join().unwrap());
            tell.send([niceness(), started, scoped]).unwrap();
        });
        job.unwrap().join().unwrap();

        assert_eq!(told.recv().unwrap(), [(before + NICENESS).min(19); 3]);
        assert_eq!(niceness(), before);
    }
}
