package dev.clerkmcp.transport;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read and work. One of them reads; when what it has read begins work, it leaves
 * reading to another and does the work itself, so that no call waits for a thread to wake up.
 *
 * @see <a href="https://www.dre.vanderbilt.edu/~schmidt/PDF/lf.pdf">The pattern
 *     Leader/Followers</a>
 */
final class Crew implements Executor {
  private final Reading reading;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Thread reader;
  private @Nullable Runnable begun;
  private @Nullable ExecutorService others;

  /** Prepares to read. */
  Crew(Reading reading) {
    this.reading = reading;
  }

  /** What there is to read. Only one thread reads at a time, and each sees what was read before. */
  interface Reading {
    /** Reads and handles what comes next, and says whether there was anything. */
    boolean next();
  }

  /** Reads to the end, first on this thread, then on others; returns when all is read. */
  void read() throws InterruptedException {
    Runnable first = readUntilWork();
    if (first != null) { // which may go on for longer than there is something to read
      others().execute(new Lead());
      others().execute(first);
    }
    ended.await();
  }

  /** Runs something at once, on a thread that nobody else needs. */
  @Override
  public void execute(Runnable work) {
    if (Thread.currentThread() == reader && begun == null) {
      begun = work; // by this very thread, when it is done with what it reads
    } else {
      others().execute(work);
    }
  }

  private void lead() {
    boolean relieved = false;
    while (!relieved) {
      Runnable work = readUntilWork();
      if (work == null) {
        return;
      }
      relieved = findOther();
      work.run();
    }
  }

  /** What this thread has to do; null if there is nothing more to read. */
  private @Nullable Runnable readUntilWork() {
    reader = Thread.currentThread();
    Runnable work = null;
    try {
      while (work == null && reading.next()) {
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

  /** Leaves reading to another thread, and says whether there is one. */
  private boolean findOther() {
    try {
      others().execute(new Lead());
      return true;
    } catch (OutOfMemoryError e) { // the system has no more threads; what is asked can wait
      return false;
    }
  }

  private synchronized ExecutorService others() {
    if (others == null) {
      others = Executors.newCachedThreadPool(DaemonThreads.named("call"));
    }
    return others;
  }

  private final class Lead implements Runnable {
    @Override
    public void run() {
      lead();
    }
  }
}
