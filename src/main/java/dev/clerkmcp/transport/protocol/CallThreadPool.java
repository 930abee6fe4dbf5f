package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.CallExecutor;
import dev.clerkmcp.transport.jsonrpc.DaemonThreads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread pool of the calls: a limited number runs at once, the others wait in a queue. A call
 * that waits for a person does not count, since it may wait for an hour. Threads are created when
 * they are needed, reused, and ended after a minute without work.
 */
public final class CallThreadPool implements CallExecutor {
  /** How many calls and parts of calls run at once. */
  static final int MAX_RUNNING = 128;

  /** How many calls wait in the queue. */
  static final int MAX_QUEUED = 10_000;

  /** How many characters the requests of all calls have that run or wait; twice the longest. */
  static final long MAX_CHARACTERS = 32 << 20;

  /** How many calls wait for a person at once. */
  public static final int MAX_WAITING = 20;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("call"));
  private final Deque<Task> queue = new ArrayDeque<>();
  private int running;
  private int waiting;
  private long characters;

  /** A call, and how many characters its request has; a part of a call counts with its call. */
  private record Task(Runnable call, int characters) {}

  /**
   * Runs a call on a thread of the pool, now or when one of the calls before it has ended.
   *
   * @param characters how many characters the request of the call has
   * @return removes the call from the queue, if it is still there
   * @throws RejectedExecutionException if too many calls wait, or their requests are too long
   */
  Runnable submit(Runnable call, int characters) {
    Task task = new Task(call, characters);
    synchronized (this) {
      if (queue.size() >= MAX_QUEUED) {
        throw new RejectedExecutionException(
            "%s calls wait already; send fewer at once".formatted(MAX_QUEUED));
      }
      if (this.characters + characters > MAX_CHARACTERS) {
        throw new RejectedExecutionException(
            "the calls that are at work have long arguments; wait for their answers");
      }
      this.characters += characters;
      if (running >= MAX_RUNNING) {
        queue.add(task);
        return () -> remove(task);
      }
      running++;
    }
    if (!start(task)) {
      enqueueFirst(task);
    }
    return () -> remove(task);
  }

  /** Runs a part of a call on a thread of the pool if one is free, else on the calling thread. */
  @Override
  public void execute(Runnable part) {
    boolean free;
    synchronized (this) {
      free = running < MAX_RUNNING;
      running += free ? 1 : 0;
    }
    if (!free || !start(new Task(part, 0))) {
      part.run();
    }
  }

  @Override
  public <T> T awaitPerson(Supplier<T> wait) {
    Task next;
    synchronized (this) {
      if (waiting >= MAX_WAITING) {
        throw new RejectedExecutionException(
            "%s calls already wait for a person".formatted(MAX_WAITING));
      }
      waiting++;
      next = nextOrEnd();
    }
    try {
      if (next != null && !start(next)) {
        enqueueFirst(next);
      }
      return wait.get();
    } finally {
      synchronized (this) {
        waiting--;
        running++; // above the limit if need be: the call has begun and must be able to end
      }
    }
  }

  /** Waits until no call runs, and says whether that happened in time. */
  synchronized boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); running + waiting > 0 && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return running + waiting == 0;
  }

  /** Hands a call to a thread; false if the system has none left, and the place is free again. */
  private boolean start(Task first) {
    try {
      threads.execute(() -> runAll(first));
      return true;
    } catch (OutOfMemoryError e) { // as Java calls it
      synchronized (this) {
        running--;
      }
      return false;
    }
  }

  /** Keeps a call for which there was no thread; the next one that ends makes room for it. */
  private void enqueueFirst(Task task) {
    synchronized (this) {
      if (running > 0) {
        queue.addFirst(task);
        return;
      }
      characters -= task.characters();
    }
    throw new RejectedExecutionException("the system has no threads left");
  }

  private synchronized void remove(Task task) {
    if (queue.remove(task)) {
      characters -= task.characters();
    }
  }

  /** Runs a call, and then what waits in the queue. */
  private void runAll(Task first) {
    for (Task task = first; task != null; task = nextAfter(task)) {
      try {
        task.call().run();
      } catch (Throwable e) { // a call answers its own failures; the thread must go on
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  private synchronized @Nullable Task nextAfter(Task ended) {
    characters -= ended.characters();
    Task next = nextOrEnd();
    if (running == 0) {
      notifyAll();
    }
    return next;
  }

  /**
   * The next call of the queue, which takes the place of the one that ended; null if none waits.
   */
  private @Nullable Task nextOrEnd() {
    Task next = running > MAX_RUNNING ? null : queue.poll();
    running -= next == null ? 1 : 0;
    return next;
  }
}
