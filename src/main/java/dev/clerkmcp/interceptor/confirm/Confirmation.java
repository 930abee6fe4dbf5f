package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a person's yes to a plan: through the host, where it can ask; else by a code that the second
 * call brings along. Whatever is not clearly a yes is a no.
 */
public final class Confirmation {
  private static final Logger log = LoggerFactory.getLogger(Confirmation.class);

  private final When when;
  private final Duration patience;
  private final ConfirmationCodes codes;

  /**
   * Prepares to ask.
   *
   * @param patience the longest that a person may take to answer
   */
  public Confirmation(When when, Duration patience, ConfirmationCodes codes) {
    this.when = when;
    this.patience = patience;
    this.codes = codes;
  }

  /** When taking something away needs a confirmation. */
  public enum When {
    /** On live instances. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** Whether a run needs one because of what its tool does. */
  boolean isNeeded(ToolCallContext run) {
    return isNeeded(run, run.tool().effect());
  }

  /** Whether a run needs one because of a request that its tool makes only sometimes. */
  boolean isNeeded(ClerkRequest operation) {
    return isNeeded(operation.run(), operation.effect());
  }

  private boolean isNeeded(ToolCallContext run, Effect effect) {
    return effect.destructive()
        && (when == When.ALWAYS || (when == When.AUTO && run.instance().live()));
  }

  /**
   * Returns who said yes, once somebody has.
   *
   * @throws RefusedException if there is none
   * @throws InputRequiredException if the person is to be asked between this call and the next
   * @throws CancellationException if the call is cancelled meanwhile
   */
  String obtain(ToolCallContext run, Plan plan) {
    Caller caller = run.invocation().caller();
    if (caller.asksBetweenCalls()) {
      checkAnswer(caller.brought(), plan);
      return "the person at " + caller.name();
    }
    if (caller.canAsk()) {
      checkYes(answer(run, plan), plan);
      return "the person at " + caller.name();
    }
    if (caller.callsAgain()) {
      checkCode(run, plan);
      return "a code that " + caller.name() + " brought";
    }
    throw new RefusedException(
        "confirmation_needed",
        "This needs a confirmation. Nothing was changed.",
        "Run it in a terminal, where you are asked, or set " + Setting.CONFIRM + "=never.",
        planned(plan));
  }

  /** Says that what a person agreed to is no longer what would happen. */
  RefusedException changedMeanwhile(Plan plan) {
    return new RefusedException(
        "not_confirmed",
        "What this touches changed while the person decided. Nothing was changed.",
        "Call again, so that they see it as it is now.",
        planned(plan));
  }

  /** A no uses its question up as well, so that nobody can make a yes of it. */
  private void checkAnswer(Caller.@Nullable Brought brought, Plan plan) {
    String asked = "asked " + plan.digest(); // or a model could bring it as its own code
    if (brought == null || brought.answer() == null) {
      throw new InputRequiredException(plan.question(), codes.issue(asked));
    }
    String problem = codes.whyNot(brought.state(), asked);
    if (problem != null) {
      throw new RefusedException(
          "not_confirmed",
          "The answer is not to this question. %s Nothing was changed.".formatted(problem),
          "Call again without that answer, so that the person sees it as it is now.",
          planned(plan));
    }
    checkYes(brought.answer(), plan);
  }

  private static void checkYes(Caller.Answer answer, Plan plan) {
    String refusal =
        switch (answer) {
          case ACCEPTED -> null;
          case DECLINED -> "The person said no.";
          case CANCELLED -> "The person closed the question without an answer.";
          case FAILED -> "The person could not be asked, or did not answer in time.";
        };
    if (refusal != null) {
      throw new RefusedException(
          "not_confirmed",
          refusal + " Nothing was changed.",
          "Do not call it again unless the person asks for it.",
          planned(plan));
    }
  }

  private Caller.Answer answer(ToolCallContext run, Plan plan) {
    try {
      return run.invocation().awaitPerson(() -> ask(run, plan));
    } catch (RejectedExecutionException e) {
      throw new RefusedException(
          "too_many_questions",
          "%s. Nothing was changed.".formatted(e.getMessage()),
          "Call again when the person has answered the questions that are open.",
          planned(plan));
    }
  }

  private Caller.Answer ask(ToolCallContext run, Plan plan) {
    CompletableFuture<Caller.Answer> answer;
    try {
      answer = run.invocation().caller().ask(plan.question());
    } catch (RuntimeException e) { // a question that cannot be put has no yes
      log.error("A person could not be asked: {}", SanitizedStackTrace.of(e));
      return Caller.Answer.FAILED;
    }
    Cancellation cancellation = run.invocation().cancellation();
    Cancellation.Registration registration = cancellation.onCancel(() -> answer.cancel(true));
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      answer.cancel(true);
      cancellation.check();
      return Caller.Answer.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Caller.Answer.FAILED;
    } finally {
      registration.close();
    }
  }

  private void checkCode(ToolCallContext run, Plan plan) {
    String code = run.options().confirmation();
    String problem =
        code == null ? "This needs a confirmation." : codes.whyNot(code, plan.digest());
    if (problem == null) {
      return;
    }
    throw new RefusedException(
        "confirmation_needed",
        problem + " Nothing was changed.",
        "Show the plan to the person. If they agree, call again with the same arguments and"
            + " confirmation set to this code, within ten minutes.",
        planned(plan).put("confirmation", codes.issue(plan.digest())));
  }

  private static ObjectNode planned(Plan plan) {
    ObjectNode details = Json.object();
    details.set("plan", plan.toJson());
    return details;
  }
}
