package dev.clerkmcp.interceptor.confirm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Cancellation;
import dev.clerkmcp.interceptor.audit.AuditInterceptor;
import dev.clerkmcp.interceptor.audit.UploadDigest;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Caller;
import dev.clerkmcp.registry.Caller.Answer;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.InputRequiredException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolCallContext.Approval;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.registry.text.SanitizedStackTrace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
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

  /** A person needs longer than this to read a question and to refuse it. */
  private static final Duration FASTEST_REFUSAL = Duration.ofMillis(500);

  /** The most characters of a question. */
  private static final int MAX_CHARACTERS = 50_000;

  private final When when;
  private final By by;
  private final Duration timeout;
  private final ConfirmationCodes codes;
  private final QuestionLimits limits;
  private final QuestionFiles files;
  private final boolean maskPeople;
  private final AuditInterceptor audit;

  /**
   * Prepares to ask.
   *
   * @param timeout the longest time that a person may take to answer
   * @param secrets the folder for questions that cannot be shown whole
   * @param maskPeople whether the plan that comes with a code hides personal data
   * @param audit records questions and answers
   */
  public Confirmation(
      When when,
      By by,
      Duration timeout,
      InstantSource clock,
      SecretStore secrets,
      boolean maskPeople,
      AuditInterceptor audit) {
    this.when = when;
    this.by = by;
    this.timeout = timeout;
    this.codes = new ConfirmationCodes(clock);
    this.limits = new QuestionLimits(clock);
    this.files = new QuestionFiles(secrets, clock);
    this.maskPeople = maskPeople;
    this.audit = audit;
  }

  /** When changes that can do harm need a confirmation. */
  public enum When {
    /** On live instances. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** How a person confirms. */
  public enum By {
    /** In a dialog of the host if it has one; otherwise with a code that the model passes on. */
    AUTO,
    /** In a dialog of the host, or in a terminal. */
    PERSON,
    /** With a code, even if the host says that it has dialogs; or in a terminal. */
    CODE
  }

  /** How one plan was confirmed or refused, in words of the audit log. */
  private enum Way {
    ELICITATION,
    TERMINAL,
    OPTION,
    CODE;

    static Way ofAsking(Caller caller) {
      return caller.isCommandLine() ? TERMINAL : ELICITATION;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether changes of the call's instance are confirmed, if they do harm. */
  boolean isOn(ToolCallContext context) {
    return when == When.ALWAYS || (when == When.AUTO && context.instance().live());
  }

  /**
   * Waits for a confirmation.
   *
   * @throws RefusedException if the plan is not confirmed
   * @throws InputRequiredException if the caller has to ask the person between two calls
   * @throws CancellationException if the call is cancelled meanwhile
   */
  Approval obtain(ToolCallContext context, CallPlan plan) {
    Caller caller = context.invocation().caller();
    Approval person = new Approval(Approval.By.PERSON, "the person at " + caller.name());
    if (caller.consent() != Caller.Consent.NONE) {
      checkConsent(context, plan, caller.consent());
      return new Approval(Approval.By.OPTION, "an option of " + caller.name());
    }
    checkLength(plan);
    boolean dialogs = by != By.CODE || caller.isCommandLine();
    if (dialogs && caller.asksBetweenCalls()) {
      checkAnswer(context, plan, caller.brought());
      return person;
    }
    if (dialogs && caller.canAsk() && isConfirmedInDialog(context, plan)) {
      return person;
    }
    if (by == By.PERSON && !caller.isCommandLine()) {
      throw noDialog(caller, plan);
    }
    if (caller.callsAgain()) {
      checkCode(context, plan);
      return new Approval(Approval.By.CODE, "a code that " + caller.name() + " brought");
    }
    throw noTerminal(plan);
  }

  /** Refuses what no person reads to the end. */
  private static void checkLength(CallPlan plan) {
    int characters = plan.question().length();
    if (characters > MAX_CHARACTERS) {
      throw new RefusedException(
          "too_long_to_confirm",
          "The question would have %s characters, since values that carry a risk are shown whole; at most %s can be asked. Nothing was changed."
              .formatted(characters, MAX_CHARACTERS),
          "Shorten the values, or spread them over several calls.");
    }
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

  /** The refusal of a file that was replaced after the person confirmed it. */
  RefusedException changedUpload(UploadDigest upload) {
    return new RefusedException(
        "changed_meanwhile",
        "The file %s has changed since it was confirmed, so it was not sent."
            .formatted(QuotedText.plain(upload.name())),
        "Call again, so that the person sees the current file.");
  }

  private static RefusedException noDialog(Caller caller, CallPlan plan) {
    return new RefusedException(
            "no_person_to_ask",
            "A person must confirm this in a dialog or a terminal, and %s shows no dialogs."
                    .formatted(caller.name())
                + " Nothing was changed.",
            ("A person can make the call in a terminal with clerk-mcp call, use a host with MCP's"
                    + " elicitation, or set %s to auto, which also takes a code that the model passes on.")
                .formatted(Setting.CONFIRM_BY),
            planned(plan))
        .byRule(plan.rule());
  }

  private RefusedException noTerminal(CallPlan plan) {
    String rule = plan.rule();
    String option = plan.isIrreversibleOnLive() ? "--yes-irreversible" : "--yes";
    return new RefusedException(
            "confirmation_needed",
            "This needs a confirmation%s. Nothing was changed."
                .formatted(rule == null ? "" : " by %s of the policy".formatted(rule)),
            "Run it in a terminal, where you are asked"
                + (by == By.PERSON ? "." : ", or add %s.".formatted(option)),
            planned(plan))
        .byRule(rule);
  }

  /** Checks an agreement that the person gave with the command. */
  private void checkConsent(ToolCallContext context, CallPlan plan, Caller.Consent consent) {
    if (by == By.PERSON) {
      throw new RefusedException(
          "confirmation_needed",
          "--yes is not accepted, because %s is person. Nothing was changed."
              .formatted(Setting.CONFIRM_BY),
          "Run it in a terminal without --yes; you are asked there.",
          planned(plan));
    }
    if (plan.isIrreversibleOnLive() && consent != Caller.Consent.EVERYTHING) {
      throw new RefusedException(
          "confirmation_needed",
          "--yes does not cover what cannot be undone on a live instance. Nothing was changed.",
          "Run it in a terminal without --yes, where you are asked, or with --yes-irreversible.",
          planned(plan));
    }
    audit.answer(context, Way.OPTION.word(), word(Answer.ACCEPTED), Duration.ZERO);
  }

  /**
   * Checks the answer that the caller brought. A no uses up the code that was issued with the
   * question too, so that the same question cannot get a yes later.
   */
  private void checkAnswer(ToolCallContext context, CallPlan plan, Caller.@Nullable Brought reply) {
    String asked =
        "asked " + plan.digest(); // a prefix, so that a model cannot send this code as confirmation
    if (reply == null || reply.answer() == null) {
      checkMayAsk(plan);
      audit.question(context, Way.ELICITATION.word(), plan.digest(), plan.rule());
      Question.Shown question = plan.question().shown(files, ConfirmationCodes.VALIDITY);
      throw new InputRequiredException(question.text(), codes.issue(asked));
    }
    String problem = codes.redeem(reply.state(), asked);
    if (problem != null) {
      throw new RefusedException(
          "not_confirmed",
          "This answer belongs to another question. %s Nothing was changed.".formatted(problem),
          "Call again without that answer, so that the person sees the current state.",
          planned(plan));
    }
    files.delete(plan.digest());
    checkYes(context, plan, new TimedAnswer(reply.answer(), codes.age(reply.state())));
  }

  /**
   * Asks the person while the call waits.
   *
   * @return false if the host turns out to have no dialogs, so that no person was asked
   */
  private boolean isConfirmedInDialog(ToolCallContext context, CallPlan plan) {
    TimedAnswer answer = answer(context, plan);
    if (answer.answer() == Answer.UNSUPPORTED) {
      record(context, answer);
      return false;
    }
    if (context.invocation().cancellation().isCancelled()) { // no person closed the question
      record(context, answer);
      context.invocation().checkCancelled();
    }
    checkYes(context, plan, answer);
    return true;
  }

  /** An answer, and how long it took. */
  private record TimedAnswer(Answer answer, Duration took) {
    /** Whether a program answered in the place of a person, who could not have been so fast. */
    boolean isAutomaticRefusal(Caller caller) {
      boolean refusal = answer == Answer.DECLINED || answer == Answer.CANCELLED;
      return refusal && !caller.isCommandLine() && took.compareTo(FASTEST_REFUSAL) < 0;
    }
  }

  private void checkYes(ToolCallContext context, CallPlan plan, TimedAnswer answer) {
    record(context, answer);
    Caller caller = context.invocation().caller();
    if (answer.isAutomaticRefusal(caller)) {
      throw new RefusedException(
          "not_confirmed",
          "The host answered without showing a question. Nothing was changed.",
          "If %s cannot show questions, a person can set %s to code; then a code confirms the call."
              .formatted(caller.name(), Setting.CONFIRM_BY),
          planned(plan));
    }
    String refusal =
        switch (answer.answer()) {
          case ACCEPTED -> null;
          case DECLINED -> "The person said no.";
          case CANCELLED -> "The person closed the question without an answer.";
          case UNANSWERED -> "The person did not answer in time.";
          case UNSUPPORTED, FAILED -> "The person could not be asked.";
        };
    if (refusal == null) {
      plan.tools().forEach(tool -> limits.answered(tool, true));
      return;
    }
    if (answer.answer() == Answer.DECLINED || answer.answer() == Answer.CANCELLED) {
      plan.tools().forEach(tool -> limits.answered(tool, false));
    }
    throw new RefusedException(
        "not_confirmed",
        refusal + " Nothing was changed.",
        "Do not call it again unless the person asks for it.",
        planned(plan));
  }

  private void record(ToolCallContext context, TimedAnswer answer) {
    audit.answer(
        context,
        Way.ofAsking(context.invocation().caller()).word(),
        word(answer.answer()),
        answer.took());
  }

  private static String word(Answer answer) {
    return answer.name().toLowerCase(Locale.ROOT);
  }

  /** Protects the person from a tool that asks again and again. */
  private void checkMayAsk(CallPlan plan) {
    for (String tool : plan.tools()) {
      Instant until = limits.refusedUntil(tool);
      if (until != null) {
        throw new RefusedException(
            "asked_too_often",
            "The person refused %s %s times in a row, so it asks no more until %s. Nothing was changed."
                .formatted(
                    tool, QuestionLimits.MAX_REFUSALS, until.truncatedTo(ChronoUnit.SECONDS)),
            "Do not call it again before the person asks for it.");
      }
    }
  }

  private TimedAnswer answer(ToolCallContext context, CallPlan plan) {
    checkMayAsk(plan);
    try {
      return context
          .invocation()
          .awaitPerson(
              () ->
                  limits.inTurn(
                      context.invocation().caller().name(),
                      context.invocation().cancellation(),
                      () -> ask(context, plan)));
    } catch (RejectedExecutionException e) {
      throw new RefusedException(
          "too_many_questions",
          "%s. Nothing was changed.".formatted(e.getMessage()),
          "Call again when the person has answered the open questions.",
          planned(plan));
    }
  }

  private TimedAnswer ask(ToolCallContext context, CallPlan plan) {
    checkMayAsk(plan); // the person may have refused while this question was in the queue
    Caller caller = context.invocation().caller();
    String digest = plan.digest();
    audit.question(context, Way.ofAsking(caller).word(), digest, plan.rule());
    try {
      CompletableFuture<Answer> answer = caller.ask(plan.question().shown(files, timeout).text());
      long start = System.nanoTime(); // not before: the first question loads many classes
      Answer said = await(context.invocation().cancellation(), answer);
      return new TimedAnswer(said, Duration.ofNanos(System.nanoTime() - start));
    } catch (RuntimeException e) { // no question was asked, so this is not a yes
      log.error("A person could not be asked: {}", SanitizedStackTrace.of(e));
      return new TimedAnswer(Answer.FAILED, Duration.ZERO);
    } finally {
      files.delete(digest);
    }
  }

  private Answer await(Cancellation cancellation, CompletableFuture<Answer> answer) {
    Cancellation.Registration registration = cancellation.onCancel(() -> answer.cancel(true));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return Answer.UNANSWERED;
    } catch (ExecutionException | CancellationException e) {
      return cancellation.isCancelled() ? Answer.CANCELLED : Answer.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer.cancel(true);
      return Answer.FAILED;
    } finally {
      registration.close();
    }
  }

  private void checkCode(ToolCallContext context, CallPlan plan) {
    String code = context.options().confirmation();
    String digest = plan.digest();
    String problem = code == null ? "This needs a confirmation." : codes.redeem(code, digest);
    if (code != null && problem == null) {
      files.delete(digest);
      audit.answer(context, Way.CODE.word(), word(Answer.ACCEPTED), codes.age(code));
      return;
    }
    audit.question(context, Way.CODE.word(), digest, plan.rule());
    ObjectNode details = planned(plan);
    Question question = plan.question();
    boolean hides = maskPeople || plan.hidesPrivate();
    Question.Shown shown =
        hides
            ? question.inFile(files, ConfirmationCodes.VALIDITY)
            : question.shown(files, ConfirmationCodes.VALIDITY);
    shown.addFile(details, hides);
    throw new RefusedException(
        "confirmation_needed",
        problem + " Nothing was changed.",
        "Show the plan to the person%s. If they agree, call again with the same arguments and"
                .formatted(hides ? ", and the file in_full, which has what the plan hides" : "")
            + " confirmation set to this code, within ten minutes.",
        details.put("confirmation", codes.issue(digest)));
  }

  private static ObjectNode planned(CallPlan plan) {
    ObjectNode details = Json.object();
    details.set("plan", plan.toJson());
    return details;
  }
}
