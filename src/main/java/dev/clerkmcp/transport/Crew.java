package dev.clerkmcp.transport;

import dev.clerkmcp.transport.Turns.Turn;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The threads that read and work. One of them reads; what it reads may begin work, which it does
 * itself, so that no call waits for a thread to wake up. If there is more to read by then, or the
 * work goes on for two thousandths of a second, another thread takes over reading.
 *
 * @see <a href="https://www.dre.vanderbilt.edu/~schmidt/PDF/lf.pdf">The pattern
 *     Leader/Followers</a>
 */
final class Crew implements Executor {
  private final Reading reading;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Turns turns = new Turns();
  private volatile @Nullable Thread reader;
  private @Nullable Runnable begun;
  private @Nullable ExecutorService others;
  private @Nullable Relief relief;

  /** Prepares to read. */
  Crew(Reading reading) {
    this.reading = reading;
  }

  /** What there is to read. Only one thread reads at a time, and each sees what was read before. */
  interface Reading {
    /** Reads and handles what comes next, and says whether there was anything. */
    boolean next();

    /** Whether more has come than was read. */
    boolean hasMore();
  }

  /** Reads to the end, first on this thread, then on others; returns when all is read. */
  void read() throws InterruptedException {
    Runnable first = readUntilWork();
    if (first != null) { // which may go on for longer than there is something to read
      relief = new Relief(turns, this::takeOver);
      others().execute(relief);
      turns.current().end();
      takeOver(turns.current());
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

  /** Reads after that turn, and works, for as long as nobody takes over. */
  private void lead(Turn last) {
    Turn mine = turns.begin(last);
    while (mine != null) {
      Runnable work = readUntilWork();
      if (work == null) {
        return;
      }
      boolean more = reading.hasMore();
      mine.end();
      if (more) {
        takeOver(mine);
      } else if (relief != null) {
        relief.watch();
      }
      work.run();
      mine = turns.begin(mine);
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

  /** Has another thread read, unless the one whose turn it was reads again before. */
  private void takeOver(Turn last) {
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
