package dev.clerkmcp.registry;

import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.registry.text.TextSanitizer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tool call on its way: what stops it, what is to be said beside its result, and the threads
 * that may share its work. It is bound to the thread that runs the tool, so that the endpoints that
 * a composed tool calls belong to the same call.
 */
public final class Invocation {
  private static final ThreadLocal<@Nullable Invocation> CURRENT = new ThreadLocal<>();

  private final Cancellation cancellation;
  private final CallExecutor executor;
  private final Caller caller;
  private final List<String> notes;
  private final List<CompletableFuture<?>> parts = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable String> reached;
  private final AtomicReference<@Nullable String> doing;
  private final @Nullable ToolCallContext run;

  /**
   * Prepares a call.
   *
   * @param executor runs the parts of a composed tool that go on at the same time
   * @param caller who waits for the answer
   */
  public Invocation(CallExecutor executor, Caller caller) {
    this(
        new Cancellation(),
        executor,
        caller,
        new CopyOnWriteArrayList<>(),
        new AtomicReference<>(),
        new AtomicReference<>(),
        null);
  }

  private Invocation(
      Cancellation cancellation,
      CallExecutor executor,
      Caller caller,
      List<String> notes,
      AtomicReference<@Nullable String> reached,
      AtomicReference<@Nullable String> doing,
      @Nullable ToolCallContext run) {
    this.cancellation = cancellation;
    this.executor = executor;
    this.caller = caller;
    this.notes = notes;
    this.reached = reached;
    this.doing = doing;
    this.run = run;
  }

  /** The call that the current thread works for; a fresh one outside of any. */
  public static Invocation current() {
    Invocation current = CURRENT.get();
    return current == null ? new Invocation(Runnable::run, Caller.UNKNOWN) : current;
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
   * Adds a sentence to the plan of the tool at work, about what it would leave undone; nothing
   * comes of it where the tool does not merely rehearse.
   */
  public void foresee(String sentence) {
    if (run != null && run.isRehearsed()) {
      run.foresee(sentence);
    }
  }

  /**
   * Begins a part of this call on another thread. Asking for its result waits for it, and throws
   * what the part threw.
   */
  public <T> Supplier<T> fork(Supplier<T> part) {
    CompletableFuture<T> result = CompletableFuture.supplyAsync(() -> run(part), executor);
    parts.add(result);
    return () -> {
      try {
        return result.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    };
  }

  /**
   * Waits for a person on the thread of this call, without taking the place of another call.
   *
   * @throws RejectedExecutionException if too many calls wait for a person already
   */
  public <T> T awaitPerson(Supplier<T> wait) {
    return executor.awaitPerson(wait);
  }

  /** What time it is at the instance of the tool at work. */
  public Instant now() {
    return run == null ? Instant.now() : run.instance().clock().instant();
  }

  /** The names of the instances that a tool at work can read from, in order. */
  public List<String> instances() {
    return run == null ? List.of() : run.instanceNames();
  }

  /**
   * Does a part of a tool's work on an instance of its choice: the endpoints that are called
   * meanwhile go there, with that instance's key, and only as far as tools are on there. They may
   * only read.
   *
   * @throws InvalidArguments if there is no instance of that name
   * @throws Refused if the tool is switched off there
   */
  public <T> T at(String instance, Supplier<T> work) {
    if (run == null) {
      throw new IllegalStateException("No tool is at work that could go elsewhere");
    }
    return run.at(instance).invocation().run(work);
  }

  /** The same call, of a caller who is known only now. */
  public Invocation from(Caller known) {
    return new Invocation(cancellation, executor, known, notes, reached, doing, run);
  }

  /** Who waits for the answer. */
  public Caller caller() {
    return caller;
  }

  /** Notes the instance on which the call works. */
  void reach(String instance) {
    reached.set(instance);
  }

  /** The name of the instance on which the call works; "none" before it is known. */
  String reached() {
    String instance = reached.get();
    return instance == null ? "none" : instance;
  }

  /** The same call, at work on a tool. */
  Invocation within(ToolCallContext tool) {
    return new Invocation(cancellation, executor, caller, notes, reached, doing, tool);
  }

  /** The tool at work; null before there is one. */
  public @Nullable ToolCallContext run() {
    return run;
  }

  /**
   * Stands between the steps of a composed tool.
   *
   * @throws java.util.concurrent.CancellationException if the call was cancelled
   */
  public void checkCancelled() {
    cancellation.check();
  }

  /** Stops the work of this call. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Has {@code listener} told of every pause of the call when it begins, such as one for Clerk. */
  public void onPause(Consumer<String> listener) {
    cancellation.onPause(listener);
  }

  /**
   * Makes the requests of the call part of a trace.
   *
   * @param traceparent as in W3C Trace Context; nothing comes of anything else
   */
  public void traceAs(@Nullable String traceparent) {
    if (traceparent != null) {
      cancellation.traceAs(traceparent);
    }
  }

  /** Waits for all parts that were begun, whatever becomes of them. */
  void awaitParts() {
    CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .exceptionally(failure -> null)
        .join();
    parts.clear();
  }

  /** Forgets the notes that came after the first so many. */
  void keepNotes(int first) {
    while (notes.size() > first) {
      notes.remove(notes.size() - 1);
    }
  }

  /**
   * Tells who waits how far a long call is: {@code Invited 20 of 60}. Only what was said last is
   * shown, every two seconds, so that it may be said as often as there is something to say. Of a
   * rehearsal it is said that it is one.
   */
  public void doing(String progress) {
    boolean rehearsed = run != null && run.isRehearsed();
    doing.set(
        TextSanitizer.of(rehearsed ? "Planning, nothing is sent yet: " + progress : progress));
  }

  /** What the call pauses for, or else how far it is; null if there is nothing to say. */
  public @Nullable String waitingFor() {
    String pause = cancellation.waitingFor();
    return pause == null ? doing.get() : pause;
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  public <T> T run(Supplier<T> work) {
    Invocation outer = CURRENT.get();
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.set(outer);
    }
  }
}
