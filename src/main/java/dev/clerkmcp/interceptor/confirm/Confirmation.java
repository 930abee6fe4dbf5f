package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.ClerkRequest;
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
 * Asks a person to confirm a plan: through the host if it can ask, otherwise with a code that must
 * come with a second call. Anything but an explicit yes counts as no.
 */
public final class Confirmation {
  private static final Logger log = LoggerFactory.getLogger(Confirmation.class);

  /** How an approval by a person begins, as opposed to a code, which the model may have sent. */
  private static final String PERSON = "the person at ";

  private final When when;
  private final Duration timeout;
  private final ConfirmationCodes codes;

  /**
   * Prepares to ask.
   *
   * @param timeout the longest time that a person may take to answer
   */
  public Confirmation(When when, Duration timeout, ConfirmationCodes codes) {
    this.when = when;
    this.timeout = timeout;
    this.codes = codes;
  }

  /** When destructive tools need a confirmation. */
  public enum When {
    /** On live instances. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** Whether a person gave an approval; a code may come from the model. Null is no approval. */
  public static boolean isByPerson(@Nullable String approval) {
    return approval != null && approval.startsWith(PERSON);
  }

  /** Whether changes of the call's instance are confirmed, if they do harm. */
  boolean isOn(ToolCallContext context) {
    return when == When.ALWAYS || (when == When.AUTO && context.instance().live());
  }

  /**
   * Waits for a confirmation, and returns the person or code that gave it.
   *
   * @param rule the rule of the policy that demands it, such as {@code rule 2 (admins)}; null if
   *     only {@link Setting#CONFIRM} does
   * @throws RefusedException if the plan is not confirmed
   * @throws InputRequiredException if the caller has to ask the person between two calls
   * @throws CancellationException if the call is cancelled meanwhile
   */
  String obtain(ToolCallContext context, CallPlan plan, @Nullable String rule) {
    Caller caller = context.invocation().caller();
    if (caller.asksBetweenCalls()) {
      checkAnswer(caller.brought(), plan);
      return PERSON + caller.name();
    }
    if (caller.canAsk()) {
      checkYes(answer(context, plan), plan);
      return PERSON + caller.name();
    }
    if (caller.callsAgain()) {
      checkCode(context, plan);
      return "a code that " + caller.name() + " brought";
    }
    throw new RefusedException(
        "confirmation_needed",
        "This needs a confirmation%s. Nothing was changed."
            .formatted(rule == null ? "" : " by %s of the policy".formatted(rule)),
        "Run it in a terminal, where you are asked, or %s."
            .formatted(withoutConfirmation(context, rule)),
        planned(plan));
  }

  /** What a person has to set so that no confirmation is needed. */
  private String withoutConfirmation(ToolCallContext context, @Nullable String rule) {
    String setting = "set " + Setting.CONFIRM + "=never";
    if (rule == null) {
      return setting;
    }
    String policy = "change that rule in the file that " + Setting.POLICY + " names";
    return isOn(context) ? setting + " and " + policy : policy;
  }

  /** The refusal of a plan that changed after the person confirmed it. */
  RefusedException changedMeanwhile(CallPlan plan) {
    return new RefusedException(
        "not_confirmed",
        "The affected data changed while the person decided. This call changed nothing.",
        "Call again, so that the person sees the current state.",
        planned(plan));
  }

  /** The refusal of a request that needs a confirmation and was in no plan. */
  RefusedException neverAsked(ClerkRequest request) {
    return new RefusedException(
        "changed_meanwhile",
        "%s needs a person's confirmation. It became necessary while this call ran, so it was not"
                .formatted(request.endpoint().route())
            + " sent.",
        "Call again, so that the person is asked.");
  }

  /**
   * Checks the answer that the caller brought. A no uses up the code that was issued with the
   * question too, so that the same question cannot get a yes later.
   */
  private void checkAnswer(Caller.@Nullable Brought reply, CallPlan plan) {
    String asked =
        "asked " + plan.digest(); // a prefix, so that a model cannot send this code as confirmation
    if (reply == null || reply.answer() == null) {
      throw new InputRequiredException(plan.question(), codes.issue(asked));
    }
    String problem = codes.redeem(reply.state(), asked);
    if (problem != null) {
      throw new RefusedException(
          "not_confirmed",
          "This answer belongs to another question. %s Nothing was changed.".formatted(problem),
          "Call again without that answer, so that the person sees the current state.",
          planned(plan));
    }
    checkYes(reply.answer(), plan);
  }

  private static void checkYes(Caller.Answer answer, CallPlan plan) {
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

  private Caller.Answer answer(ToolCallContext context, CallPlan plan) {
    try {
      return context.invocation().awaitPerson(() -> ask(context, plan));
    } catch (RejectedExecutionException e) {
      throw new RefusedException(
          "too_many_questions",
          "%s. Nothing was changed.".formatted(e.getMessage()),
          "Call again when the person has answered the open questions.",
          planned(plan));
    }
  }

  private Caller.Answer ask(ToolCallContext context, CallPlan plan) {
    CompletableFuture<Caller.Answer> answer;
    try {
      answer = context.invocation().caller().ask(plan.question());
    } catch (RuntimeException e) { // no question was asked, so this is not a yes
      log.error("A person could not be asked: {}", SanitizedStackTrace.of(e));
      return Caller.Answer.FAILED;
    }
    Cancellation cancellation = context.invocation().cancellation();
    Cancellation.Registration registration = cancellation.onCancel(() -> answer.cancel(true));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
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

  private void checkCode(ToolCallContext context, CallPlan plan) {
    String code = context.options().confirmation();
    String problem =
        code == null ? "This needs a confirmation." : codes.redeem(code, plan.digest());
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

  private static ObjectNode planned(CallPlan plan) {
    ObjectNode details = Json.object();
    details.set("plan", plan.toJson());
    return details;
  }
}
