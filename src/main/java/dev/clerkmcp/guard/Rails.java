package dev.clerkmcp.guard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.audit.AuditLog;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.guard.policy.Policy;
import dev.clerkmcp.guard.policy.PolicyGuard;
import dev.clerkmcp.guard.secret.PeopleMask;
import dev.clerkmcp.guard.secret.PrivateMetadataGuard;
import dev.clerkmcp.guard.secret.SecretsFolder;
import dev.clerkmcp.guard.secret.SecretsGuard;
import dev.clerkmcp.guard.undo.UndoPlan;
import dev.clerkmcp.reference.ReferenceGuard;
import dev.clerkmcp.registry.AccessInterceptor;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.Secret;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.View;
import dev.clerkmcp.shape.Answers;
import dev.clerkmcp.shape.BudgetGuard;
import dev.clerkmcp.shape.ExportFolder;
import dev.clerkmcp.shape.PagesGuard;
import dev.clerkmcp.shape.ShapeGuard;
import dev.clerkmcp.shape.Views;
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
      SecretsFolder secrets,
      boolean revealSecrets,
      boolean maskPeople,
      @Nullable AuditLog audit,
      boolean auditReads,
      Answers answers) {
    /** Nothing is asked or recorded, and credentials are kept in the given folder. */
    public static Settings keepingSecretsIn(SecretsFolder secrets) {
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
          new Answers(Answers.MAX_TOKENS, null));
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
    Lookup lookup = new Lookup(readings);
    Trail trail = new Trail(settings.audit(), settings.auditReads(), lookup, changes, clock);
    PolicyGuard policy = new PolicyGuard(settings.policy(), lookup::of);
    Confirmation confirmation =
        new Confirmation(settings.confirm(), settings.patience(), new ConfirmationCodes(clock));
    List<ToolInterceptor> guards = new ArrayList<>();
    guards.add(new BudgetGuard(settings.answers()));
    guards.add(trail.refusals());
    guards.add(new AccessInterceptor()); // nothing is looked up for what is switched off
    guards.add(new ReferenceGuard()); // all others are to see whom a call is about
    guards.add(new PagesGuard(settings.answers(), inFiles()));
    guards.add(new PrivateMetadataGuard());
    guards.add(lookup);
    guards.add(policy);
    guards.add(new PlanGuard(settings.dryRun(), lookup, policy, confirmation));
    guards.add(trail.requests());
    guards.add(new SecretsGuard(settings.secrets(), settings.revealSecrets()));
    if (settings.maskPeople()) {
      guards.add(new PeopleMask());
    }
    guards.add(new ShapeGuard(new Views(views)));
    return guards;
  }

  /** A file is a way out too. */
  private UnaryOperator<JsonNode> inFiles() {
    return settings.maskPeople() ? PeopleMask::masked : row -> row;
  }

  private Undo undo() {
    return Objects.requireNonNull(undo, "The guards come first");
  }
}
