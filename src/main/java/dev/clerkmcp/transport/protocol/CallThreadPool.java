package dev.clerkmcp.transport.protocol;

import dev.clerkmcp.registry.Invocation.CallExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bounded thread pool of tool calls: a limited number runs at once, the others wait in a queue.
 * A call that waits for its user does not count as running, since the wait may take an hour.
 * Threads are created when needed, reused, and ended after a minute without work.
 */
public final class CallThreadPool implements CallExecutor {
  /**
   * The limit of calls and parts of calls that run at once. A call that continues after its user
   * answered may exceed it.
   */
  static final int MAX_RUNNING = 128;

  /** The most calls that wait in the queue. */
  static final int MAX_QUEUED = 10_000;

  /**
   * The most characters in the requests of all calls that run or wait, so that the requests fit in
   * memory. Twice the length of the longest line that the server reads.
   */
  static final long MAX_CHARACTERS = 32 << 20;

  /** The most calls that wait for a person at once. */
  public static final int MAX_WAITING = 20;

  private final ExecutorService threads;
  private final Deque<Task> queue = new ArrayDeque<>();
  private int running;
  private int waitingForPerson;
  private long characters;

  /** A call and the length of its request in characters; for a part of a call the length is 0. */
  private record Task(Runnable call, int characters) {}

  CallThreadPool() {
    this(daemonThreads("call"));
  }

  CallThreadPool(ThreadFactory threads) {
    this.threads = Executors.newCachedThreadPool(threads);
  }

  /**
   * Runs a call on a thread of the pool, at once or as soon as an earlier call has ended.
   *
   * @param characters the length of the call's request
   * @return an action that removes the call from the queue, if it is still there
   * @throws RejectedExecutionException if too many calls wait, or the requests are too large in
   *     total
   */
  Runnable submit(Runnable call, int characters) {
    Task task = new Task(call, characters);
    synchronized (this) {
      if (queue.size() >= MAX_QUEUED) {
        throw new RejectedExecutionException(
            "%s calls are already queued; send fewer at once".formatted(MAX_QUEUED));
      }
      if (this.characters + characters > MAX_CHARACTERS) {
        throw new RejectedExecutionException(
            "the running and queued requests are too large in total; wait for their responses");
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

  /** Runs a part of a call on a thread of the pool if one is free; else on the current thread. */
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
      if (waitingForPerson >= MAX_WAITING) {
        throw new RejectedExecutionException(
            "%s calls already wait for a person".formatted(MAX_WAITING));
      }
      waitingForPerson++;
      next = nextOrEnd();
    }
    try {
      if (next != null && !start(next)) {
        synchronized (this) {
          queue.addFirst(next); // at the latest, the thread of this call runs it later
        }
      }
      return wait.get();
    } finally {
      synchronized (this) {
        waitingForPerson--;
        running++; // even above the limit: a call that has begun must be able to end
      }
    }
  }

  /** Creates threads that do not keep the process alive; their names are numbered. */
  static ThreadFactory daemonThreads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Waits until no call runs or waits for a person; returns false if the limit is reached first.
   */
  synchronized boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); running + waitingForPerson > 0 && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return running + waitingForPerson == 0;
  }

  /**
   * Starts a thread for a call that counts as running. If the system has no threads left, the call
   * no longer counts, and the result is false.
   */
  private boolean start(Task first) {
    try {
      threads.execute(() -> runAll(first));
      return true;
    } catch (OutOfMemoryError e) { // thrown when no thread can be created
      synchronized (this) {
        running--;
      }
      return false;
    }
  }

  /**
   * Puts a call for which there was no thread first in the queue; it starts when a running call
   * ends.
   *
   * @throws RejectedExecutionException if no call runs
   */
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

  /** Runs a call, and then calls of the queue. */
  private void runAll(Task first) {
    for (Task task = first; task != null; task = nextAfter(task)) {
      try {
        task.call().run();
      } catch (Throwable e) { // the thread must go on; calls respond to their failures themselves
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
   * Takes the next call from the queue, to run instead of one that ended or waits; the count of
   * running calls then stays the same. Null if the queue is empty or too many calls run; the count
   * is then lowered.
   */
  private @Nullable Task nextOrEnd() {
    Task next = running > MAX_RUNNING ? null : queue.poll();
    running -= next == null ? 1 : 0;
    return next;
  }
}
