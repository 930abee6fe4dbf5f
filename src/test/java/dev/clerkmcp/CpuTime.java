package dev.clerkmcp;

import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/** Limits the processor time of a test's work, which a busy machine does not change. */
public final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long POLL_MILLIS = 50;

  private CpuTime() {}

  /**
   * Runs the work on a thread of its own. If it takes more processor time than the limit, the
   * assertion fails and the thread is left running, because a regular expression cannot be
   * interrupted.
   */
  public static void assertWithin(Duration limit, Executable work) {
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              try {
                work.execute();
              } catch (Throwable e) {
                throw new ExecutionException(e);
              }
              return null;
            });
    Thread thread = new Thread(task, "limited");
    thread.setDaemon(true);
    thread.start();
    while (true) {
      try {
        task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        long used = THREADS.getThreadCpuTime(thread.getId());
        if (used > limit.toNanos()) {
          StackTraceElement[] at = thread.getStackTrace();
          fail("%s s of processor time, at %s", limit.toSeconds(), at.length > 0 ? at[0] : "");
        }
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
