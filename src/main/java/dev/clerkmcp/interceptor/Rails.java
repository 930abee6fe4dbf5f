package dev.clerkmcp.interceptor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.interceptor.access.AccessInterceptor;
import dev.clerkmcp.interceptor.audit.AuditInterceptor;
import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.interceptor.audit.RecentChanges;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.confirm.ConfirmationCodes;
import dev.clerkmcp.interceptor.confirm.PlanInterceptor;
import dev.clerkmcp.interceptor.impact.TargetResolver;
import dev.clerkmcp.interceptor.output.OutputSettings;
import dev.clerkmcp.interceptor.output.PagingInterceptor;
import dev.clerkmcp.interceptor.output.TokenBudgetInterceptor;
import dev.clerkmcp.interceptor.output.ViewInterceptor;
import dev.clerkmcp.interceptor.output.Views;
import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.interceptor.policy.PolicyInterceptor;
import dev.clerkmcp.interceptor.redact.PiiRedactor;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.interceptor.redact.SecretInterceptor;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.interceptor.undo.Undo;
import dev.clerkmcp.interceptor.undo.UndoPlan;
import dev.clerkmcp.interceptor.undo.UndoTools;
import dev.clerkmcp.reference.ReferenceInterceptor;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.View;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts the guards together, in the one order in which they are asked. */
public final class Rails {
  private final Settings settings;
  private final RecentChanges changes;
  private @Nullable Undo undo;

  public Rails(Settings settings) {
    this.settings = settings;
    this.changes = new RecentChanges(settings.audit());
  }

  /**
   * What a person chose.
   *
   * @param confirm when taking something away needs a person's yes
   * @param patience the longest that a person may take to answer
   * @param dryRun whether no call changes anything
   * @param policy rules of the person's own
   * @param secrets where credentials that Clerk tells once are kept
   * @param revealSecrets whether credentials are answered in the clear instead
   * @param maskPeople whether people's data is shown in part only
   * @param audit the log of changes, or null for none
   * @param auditReads whether that log tells of reading too
   * @param answers what answers may cost, and where files may go
   */
  public record Settings(
      Confirmation.When confirm,
      Duration patience,
      boolean dryRun,
      Policy policy,
      SecretStore secrets,
      boolean revealSecrets,
      boolean maskPeople,
      @Nullable AuditLog audit,
      boolean auditReads,
      OutputSettings answers) {
    /** Nothing is asked or recorded, and credentials are kept in the given folder. */
    public static Settings keepingSecretsIn(SecretStore secrets) {
      return new Settings(
          Confirmation.When.NEVER,
          Duration.ZERO,
          false,
          Policy.none(),
          secrets,
          false,
          false,
          null,
          false,
          new OutputSettings(Setting.MAX_RESULT_TOKENS.defaultNumber(), null));
    }
  }

  /** The tools that belong to the rails. */
  public UndoTools tools() {
    return new UndoTools(changes, this::undo);
  }

  /** Where tools write files of rows. */
  public ExportFolder exports() {
    return new ExportFolder(settings.answers().exports(), inFiles());
  }

  /**
   * The guards for tools.
   *
   * @param readings all endpoints that read, with what is secret in their answers
   * @param views how Clerk's objects are shown
   * @param instances where the tools run
   */
  public List<ToolInterceptor> guards(
      Collection<ToolDefinition> tools,
      Map<Endpoint, @Nullable Secret> readings,
      Collection<View> views,
      ClerkInstances instances) {
    undo = new Undo(new UndoPlan(tools), instances, settings.maskPeople());
    InstantSource clock = InstantSource.system();
    TargetResolver lookup = new TargetResolver(readings);
    AuditInterceptor trail =
        new AuditInterceptor(settings.audit(), settings.auditReads(), lookup, changes, clock);
    PolicyInterceptor policy = new PolicyInterceptor(settings.policy(), lookup::of);
    Confirmation confirmation =
        new Confirmation(settings.confirm(), settings.patience(), new ConfirmationCodes(clock));
    List<ToolInterceptor> guards = new ArrayList<>();
    guards.add(new TokenBudgetInterceptor(settings.answers()));
    guards.add(trail.refusals());
    guards.add(new AccessInterceptor()); // nothing is looked up for what is switched off
    guards.add(new ReferenceInterceptor()); // all others are to see whom a call is about
    guards.add(new PagingInterceptor(settings.answers(), inFiles()));
    guards.add(new PrivateMetadataInterceptor());
    guards.add(lookup);
    guards.add(policy);
    guards.add(new PlanInterceptor(settings.dryRun(), lookup, policy, confirmation));
    guards.add(trail.requests());
    guards.add(new SecretInterceptor(settings.secrets(), settings.revealSecrets()));
    if (settings.maskPeople()) {
      guards.add(new PiiRedactor());
    }
    guards.add(new ViewInterceptor(new Views(views)));
    return guards;
  }

  /** A file is a way out too. */
  private UnaryOperator<JsonNode> inFiles() {
    return settings.maskPeople() ? PiiRedactor::masked : row -> row;
  }

  private Undo undo() {
    return Objects.requireNonNull(undo, "The guards come first");
  }
}
