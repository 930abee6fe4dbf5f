package dev.clerkmcp.clerk;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;
import org.jspecify.annotations.NonNull;

/**
 * Keeps connections for the next request. OkHttp's own pool wakes a thread after every request, to
 * see whether a connection has been idle for too long; a call waits for that longer than for its
 * answer to be read. Here the thread comes by on its own time, so a connection is closed after one
 * to two times as long as it is to be kept. OkHttp leaves this to its internal classes alone.
 */
final class IdleConnections {
  private static final int MOST = 10;

  private IdleConnections() {}

  /** A pool that keeps a connection idle for the given time. */
  static ConnectionPool keptFor(Duration time) {
    TaskRunner closing = new TaskRunner(new Unhurried(), TaskRunner.Companion.getLogger());
    return new ConnectionPool(
        MOST,
        time.toMillis(),
        TimeUnit.MILLISECONDS,
        closing,
        ConnectionListener.Companion.getNONE());
  }

  /** Runs tasks as OkHttp does, but lets the thread that waits for their time sleep until then. */
  private static final class Unhurried implements TaskRunner.Backend {
    private final TaskRunner.RealBackend threads =
        new TaskRunner.RealBackend(
            task -> {
              Thread thread = new Thread(task, "idle connections");
              thread.setDaemon(true);
              return thread;
            });

    @Override
    public long nanoTime() {
      return threads.nanoTime();
    }

    @Override
    public void coordinatorNotify(@NonNull TaskRunner runner) {}

    @Override
    public void coordinatorWait(@NonNull TaskRunner runner, long nanos) {
      try {
        threads.coordinatorWait(runner, nanos);
      } catch (InterruptedException e) {
        throw new IllegalStateException("Nobody knows this thread to interrupt it", e);
      }
    }

    @Override
    public <T> @NonNull BlockingQueue<T> decorate(@NonNull BlockingQueue<T> queue) {
      return threads.decorate(queue);
    }

    @Override
    public void execute(@NonNull TaskRunner runner, @NonNull Runnable task) {
      threads.execute(runner, task);
    }
  }
}
