package dev.clerkmcp;

import dev.clerkmcp.registry.Caller;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** A client, named tester, that can call again; it answers and records questions if it can ask. */
public final class TestCaller implements Caller {
  private final String name;
  private final boolean canAsk;
  private final Function<String, CompletableFuture<Answer>> answers;
  private final List<String> questions = new CopyOnWriteArrayList<>();

  private TestCaller(boolean canAsk, Function<String, CompletableFuture<Answer>> answers) {
    this("tester", canAsk, answers);
  }

  private TestCaller(
      String name, boolean canAsk, Function<String, CompletableFuture<Answer>> answers) {
    this.name = name;
    this.canAsk = canAsk;
    this.answers = answers;
  }

  /** A client whose user agrees to everything. */
  public static TestCaller agreeing() {
    return answering(() -> Answer.ACCEPTED);
  }

  /** A client whose user answers each question with what the supplier returns. */
  public static TestCaller answering(Supplier<Answer> answers) {
    return reading(question -> answers.get());
  }

  /** A client whose user answers each question with what the function returns for it. */
  public static TestCaller reading(Function<String, Answer> answers) {
    return new TestCaller(
        true, question -> CompletableFuture.completedFuture(answers.apply(question)));
  }

  /** A client whose user says no after the time that a person needs to read the question. */
  public static TestCaller refusing() {
    return new TestCaller(
        true,
        question ->
            CompletableFuture.supplyAsync(
                () -> Answer.DECLINED,
                CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS)));
  }

  /** A client whose user never answers. */
  public static TestCaller silent() {
    return new TestCaller(true, question -> new CompletableFuture<>());
  }

  /** A client that cannot ask its user: it gets a plan, and repeats the call with its code. */
  public static TestCaller unableToAsk() {
    return new TestCaller(
        false,
        question -> {
          throw new AssertionError("A client that cannot ask was asked.");
        });
  }

  /** The same client with another name, and with questions of its own. */
  public TestCaller named(String other) {
    return new TestCaller(other, canAsk, answers);
  }

  /** The questions so far. */
  public List<String> questions() {
    return List.copyOf(questions);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean canAsk() {
    return canAsk;
  }

  @Override
  public boolean callsAgain() {
    return true;
  }

  @Override
  public CompletableFuture<Answer> ask(String question) {
    questions.add(question);
    return answers.apply(question);
  }
}
