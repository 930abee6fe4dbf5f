package dev.clerkmcp.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read and work. One of them reads; what it reads may begin work, which it does
 * itself, so that no call waits for a thread to wake up. If there is more to read by then, or the
 * work goes on for two thousandths of a second, another thread takes over reading.
 *
 * @see <a href="https://www.dre.vanderbilt.edu/~schmidt/PDF/lf.pdf">The pattern
 *     Leader/Followers</a>
 */
abstract class Crew implements Executor {
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Counts turns of reading: even during one, odd when it is over and anybody may begin another.
   */
  private final AtomicLong turn = new AtomicLong();

  private volatile @Nullable Thread reader;
  private @Nullable Runnable begun;
  private @Nullable ExecutorService others;
  private @Nullable Relief relief;

  /**
   * Reads and handles what comes next, and says whether there was anything. Only one thread reads
   * at a time, and each sees what was read before.
   */
  abstract boolean readNext();

  /** Whether more has come than was read. */
  abstract boolean hasMore();

  /** Reads to the end, first on this thread, then on others; returns when all is read. */
  final void read() throws InterruptedException {
    Runnable first = readUntilWork();
    if (first != null) { // which may go on for longer than there is something to read
      long over = turn.incrementAndGet();
      relief = new Relief(turn, this::takeOver);
      others().execute(relief);
      takeOver(over);
      others().execute(first);
    }
    ended.await();
  }

  /** Runs something at once, on a thread that nobody else needs. */
  @Override
  public final void execute(Runnable work) {
    if (Thread.currentThread() == reader && begun == null) {
      begun = work; // by this very thread, when it is done with what it reads
    } else {
      others().execute(work);
    }
  }

  /** Reads after that turn, and works, for as long as nobody takes over. */
  private void lead(long last) {
    long over = last;
    while (turn.compareAndSet(over, over + 1)) {
      Runnable work = readUntilWork();
      if (work == null) {
        return;
      }
      boolean more = hasMore();
      over = turn.incrementAndGet();
      if (more) {
        takeOver(over);
      } else if (relief != null) {
        relief.watch();
      }
      work.run();
    }
  }

  /** What this thread has to do; null if there is nothing more to read. */
  private @Nullable Runnable readUntilWork() {
    reader = Thread.currentThread();
    Runnable work = null;
    try {
      while (work == null && readNext()) {
        work = begun;
      }
      return work;
    } finally {
      reader = null;
      begun = null;
      if (work == null) {
        ended.countDown();
      }
    }
  }

  /** Has another thread read, unless the one whose turn it was reads again before. */
  private void takeOver(long last) {
    try {
      others().execute(() -> lead(last));
    } catch (OutOfMemoryError e) {
      return; // the system has no more threads; what is asked can wait
    }
  }

  private synchronized ExecutorService others() {
    if (others == null) {
      others = Executors.newCachedThreadPool(DaemonThreads.named("call"));
    }
    return others;
  }
}
