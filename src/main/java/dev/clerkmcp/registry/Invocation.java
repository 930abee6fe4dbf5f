package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.Cancellation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tool call on its way: what stops it, what is to be said beside its result, and the threads
 * that may share its work. It is bound to the thread that runs the tool, so that the endpoints that
 * a composed tool calls belong to the same call.
 */
public final class Invocation {
  private static final ThreadLocal<@Nullable Invocation> CURRENT = new ThreadLocal<>();

  private final Cancellation cancellation = new Cancellation();
  private final Executor executor;
  private final List<String> notes = new CopyOnWriteArrayList<>();

  /**
   * Prepares a call.
   *
   * @param executor runs the parts of a composed tool that go on at the same time; it must never
   *     keep them waiting for a free thread
   */
  public Invocation(Executor executor) {
    this.executor = executor;
  }

  /** The call that the current thread works for; a fresh one outside of any. */
  public static Invocation current() {
    Invocation current = CURRENT.get();
    return current == null ? new Invocation(Runnable::run) : current;
  }

  /** Stops the work on the call, from any thread; what waits for Clerk is broken off. */
  public void cancel() {
    cancellation.cancel();
  }

  /** Adds a sentence for the caller beside the result. */
  public void note(String sentence) {
    notes.add(sentence);
  }

  /**
   * Begins a part of this call on another thread. Asking for its result waits for it, and throws
   * what the part threw.
   */
  public <T> Supplier<T> fork(Supplier<T> part) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> run(part), executor);
    return () -> {
      try {
        return result.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    };
  }

  Cancellation cancellation() {
    return cancellation;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  <T> T run(Supplier<T> work) {
    Invocation outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.set(outer);
    }
  }
}
