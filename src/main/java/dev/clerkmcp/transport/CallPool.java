package dev.clerkmcp.transport;

import dev.clerkmcp.registry.CallExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread pool of the calls: a limited number runs at once, the others wait in a queue. A call
 * that waits for a person does not count, since it may wait for an hour. Threads are created when
 * they are needed, reused, and ended after a minute without work.
 */
final class CallPool implements CallExecutor {
  /** How many calls and parts of calls run at once. */
  static final int MAX_RUNNING = 128;

  /** How many calls wait in the queue; each holds its request in memory. */
  static final int MAX_QUEUED = 10_000;

  /** How many calls wait for a person at once. */
  static final int MAX_WAITING = 20;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("call"));
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private int running;
  private int waiting;

  /**
   * Runs a call on a thread of the pool, now or when one of the calls before it has ended.
   *
   * @throws RejectedExecutionException if the queue is full
   */
  void submit(Runnable call) {
    synchronized (this) {
      if (running >= MAX_RUNNING) {
        if (queue.size() >= MAX_QUEUED) {
          throw new RejectedExecutionException(
              "%s calls wait already; send fewer at once".formatted(MAX_QUEUED));
        }
        queue.add(call);
        return;
      }
      running++;
    }
    start(call);
  }

  /** Runs a part of a call on a thread of the pool if one is free, else on the calling thread. */
  @Override
  public void execute(Runnable part) {
    boolean free;
    synchronized (this) {
      free = running < MAX_RUNNING;
      running += free ? 1 : 0;
    }
    if (free) {
      start(part);
    } else {
      part.run();
    }
  }

  @Override
  public <T> T awaitPerson(Supplier<T> wait) {
    synchronized (this) {
      if (waiting >= MAX_WAITING) {
        throw new RejectedExecutionException(
            "%s calls already wait for a person".formatted(MAX_WAITING));
      }
      waiting++;
    }
    Runnable next = nextOrEnd();
    if (next != null) {
      start(next);
    }
    try {
      return wait.get();
    } finally {
      synchronized (this) {
        waiting--;
        running++; // above the limit if need be: the call has begun and must be able to end
      }
    }
  }

  private void start(Runnable first) {
    try {
      threads.execute(() -> runAll(first));
    } catch (Throwable e) { // the system has no thread left
      synchronized (this) {
        running--;
      }
      throw e;
    }
  }

  /** Runs a call, and then what waits in the queue. */
  private void runAll(Runnable first) {
    for (Runnable call = first; call != null; call = nextOrEnd()) {
      try {
        call.run();
      } catch (Throwable e) { // a call answers its own failures; the thread must go on
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  /**
   * The next call of the queue, which takes the place of the one that ended; null if none waits.
   */
  private synchronized @Nullable Runnable nextOrEnd() {
    Runnable next = running > MAX_RUNNING ? null : queue.poll();
    running -= next == null ? 1 : 0;
    return next;
  }
}
