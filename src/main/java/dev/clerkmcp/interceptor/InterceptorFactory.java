package dev.clerkmcp.interceptor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.Lazy;
import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.model.MembershipIndex;
import dev.clerkmcp.export.ExportFolder;
import dev.clerkmcp.interceptor.access.AccessInterceptor;
import dev.clerkmcp.interceptor.access.UploadInterceptor;
import dev.clerkmcp.interceptor.audit.AuditInterceptor;
import dev.clerkmcp.interceptor.audit.AuditLog;
import dev.clerkmcp.interceptor.audit.Change;
import dev.clerkmcp.interceptor.audit.ChangeHistory;
import dev.clerkmcp.interceptor.audit.FormerState;
import dev.clerkmcp.interceptor.confirm.Confirmation;
import dev.clerkmcp.interceptor.confirm.PlanInterceptor;
import dev.clerkmcp.interceptor.confirm.Renames;
import dev.clerkmcp.interceptor.impact.IneffectiveArguments;
import dev.clerkmcp.interceptor.impact.SwitchedLists;
import dev.clerkmcp.interceptor.impact.TargetCache;
import dev.clerkmcp.interceptor.impact.VisibleTargets;
import dev.clerkmcp.interceptor.limit.LimitInterceptor;
import dev.clerkmcp.interceptor.limit.Limits;
import dev.clerkmcp.interceptor.output.ChangeAnswer;
import dev.clerkmcp.interceptor.output.OutputSettings;
import dev.clerkmcp.interceptor.output.PagingInterceptor;
import dev.clerkmcp.interceptor.output.TokenBudgetInterceptor;
import dev.clerkmcp.interceptor.output.ViewInterceptor;
import dev.clerkmcp.interceptor.output.ViewRegistry;
import dev.clerkmcp.interceptor.policy.AnswerInterceptor;
import dev.clerkmcp.interceptor.policy.HiddenRowsInterceptor;
import dev.clerkmcp.interceptor.policy.PickedObjectInterceptor;
import dev.clerkmcp.interceptor.policy.Policy;
import dev.clerkmcp.interceptor.policy.PolicyInterceptor;
import dev.clerkmcp.interceptor.policy.PolicyReadRules;
import dev.clerkmcp.interceptor.policy.PolicyReport;
import dev.clerkmcp.interceptor.redact.PiiRedactor;
import dev.clerkmcp.interceptor.redact.PrivateMetadataInterceptor;
import dev.clerkmcp.interceptor.redact.SecretInterceptor;
import dev.clerkmcp.interceptor.redact.SecretStore;
import dev.clerkmcp.interceptor.risk.RiskAssessor;
import dev.clerkmcp.interceptor.undo.StoredValueInterceptor;
import dev.clerkmcp.interceptor.undo.UndoInterceptor;
import dev.clerkmcp.interceptor.undo.UndoPlanWriter;
import dev.clerkmcp.interceptor.undo.UndoPlanner;
import dev.clerkmcp.interceptor.undo.UndoTools;
import dev.clerkmcp.interceptor.where.FieldSafety;
import dev.clerkmcp.interceptor.where.SelectionInterceptor;
import dev.clerkmcp.interceptor.where.WhereInterceptor;
import dev.clerkmcp.reference.ReferenceInterceptor;
import dev.clerkmcp.reference.RoleInterceptor;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ClerkRequest;
import dev.clerkmcp.registry.Interceptors;
import dev.clerkmcp.registry.OperationFacts;
import dev.clerkmcp.registry.RequestInterceptor;
import dev.clerkmcp.registry.ResultFilter;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.View;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Creates the interceptors from the settings, in their order, which only this class defines. */
public final class InterceptorFactory {
  private final Settings settings;
  private final boolean policyTest;
  private final ChangeHistory changes;
  private @Nullable Supplier<UndoPlanWriter> undo;

  public InterceptorFactory(Settings settings) {
    this(settings, false);
  }

  private InterceptorFactory(Settings settings, boolean policyTest) {
    this.settings = settings;
    this.policyTest = policyTest;
    this.changes = new ChangeHistory(settings.audit());
  }

  /** Creates interceptors with which a call changes nothing and says what the policy decides. */
  public static InterceptorFactory forPolicyTest(Settings settings) {
    return new InterceptorFactory(settings, true);
  }

  /**
   * The settings that a person chose.
   *
   * @param confirm when destructive tools need a confirmation
   * @param confirmBy how a person confirms
   * @param sensitiveMetadata the keys of metadata that applications read as rights
   * @param confirmTimeout the longest time that a person may take to answer
   * @param dryRun whether every call is a dry run
   * @param policy the rules of the policy file
   * @param limits how much may be done in an hour without approval
   * @param secrets the folder for credentials that Clerk shows only once
   * @param revealSecrets whether answers contain credentials in plain text instead
   * @param maskPeople whether personal data is masked
   * @param privateMetadataNever whether no call may ask for private metadata
   * @param output the limits of answers, and the folder for exports
   * @param uploads the folder for images that hosts may upload; null if they may upload none
   * @param endsWithProcess whether all data is in the memory of this process, as that of a sandbox
   * @param auditReads whether the audit log has requests that only read as well
   * @param audit the audit log, or null for none
   */
  public record Settings(
      Confirmation.When confirm,
      Confirmation.By confirmBy,
      List<String> sensitiveMetadata,
      Duration confirmTimeout,
      boolean dryRun,
      Policy policy,
      Limits limits,
      SecretStore secrets,
      boolean revealSecrets,
      boolean maskPeople,
      boolean privateMetadataNever,
      OutputSettings output,
      @Nullable Path uploads,
      boolean endsWithProcess,
      boolean auditReads,
      @Nullable AuditLog audit) {
    /** Asks for no confirmation, records nothing, and keeps credentials in the given folder. */
    public static Settings keepingSecretsIn(SecretStore secrets) {
      return new Settings(
          Confirmation.When.NEVER,
          Confirmation.By.AUTO,
          List.of(),
          Duration.ZERO,
          false,
          Policy.none(),
          Limits.none(),
          secrets,
          false,
          false,
          false,
          new OutputSettings(Setting.MAX_RESULT_TOKENS.defaultNumber(), null, false),
          null,
          false,
          false,
          null);
    }
  }

  /** The tools that show and undo recorded changes. */
  public UndoTools tools() {
    return new UndoTools(changes, this::undo);
  }

  /** The folder for exports, in which personal data is masked if it is masked in answers. */
  public ExportFolder exports() {
    return new ExportFolder(settings.output().exports(), settings.output().exportMark(), mask());
  }

  private UnaryOperator<JsonNode> mask() {
    return settings.maskPeople() ? PiiRedactor::masked : value -> value;
  }

  /**
   * The interceptors in their order.
   *
   * @param tools all tools, to find those that undo a change
   * @param readEndpoints the endpoints that only read
   * @param facts the facts of every operation, by route; read when an undo is first planned
   * @param views the views of Clerk's objects
   * @param memberships reads the memberships of all organizations as a part of the current call
   */
  public Interceptors interceptors(
      Collection<ToolDefinition> tools,
      Map<Endpoint, OperationFacts.Reading> readEndpoints,
      Supplier<Map<String, OperationFacts>> facts,
      Collection<View> views,
      Supplier<MembershipIndex> memberships,
      ClerkInstances instances) {
    Lazy<UndoPlanner> planner = new Lazy<>(() -> new UndoPlanner(tools, facts.get()));
    InstantSource clock = InstantSource.system();
    TargetCache targets = new TargetCache(readEndpoints);
    FormerState former = new FormerState(targets);
    RiskAssessor risks =
        new RiskAssessor(targets, settings.sensitiveMetadata(), settings.privateMetadataNever());
    AccessInterceptor access = new AccessInterceptor();
    AuditInterceptor audit =
        new AuditInterceptor(
            settings.audit(), settings.auditReads(), targets, risks, changes, clock);
    ToolInterceptor refusals = audit.refusals();
    PolicyInterceptor policy = new PolicyInterceptor(settings.policy(), targets, risks);
    VisibleTargets visible =
        new VisibleTargets(targets, new PolicyReadRules(policy, readEndpoints));
    undo =
        new Lazy<>(
            () -> new UndoPlanWriter(planner.get(), instances, settings.maskPeople(), visible));
    ReferenceInterceptor references =
        new ReferenceInterceptor(!settings.maskPeople(), visible::shows);
    Confirmation confirmation =
        new Confirmation(
            settings.confirm(),
            settings.confirmBy(),
            settings.confirmTimeout(),
            clock,
            settings.secrets(),
            settings.maskPeople(),
            audit);
    SecretInterceptor secrets = new SecretInterceptor(settings.secrets(), settings.revealSecrets());
    PlanInterceptor plan =
        new PlanInterceptor(
            settings.dryRun(),
            visible,
            risks,
            policy,
            confirmation,
            requests -> planner.get().losses(planned(requests, former)),
            secrets,
            new Renames(changes, clock));
    UndoInterceptor undoing = new UndoInterceptor(changes, this::undo, settings.endsWithProcess());
    if (policyTest) {
      PolicyReport report = new PolicyReport(policy, plan::isHarmful);
      return new Interceptors(
          List.of(access, report),
          List.of(
              access,
              undoing,
              references,
              new RoleInterceptor(),
              new StoredValueInterceptor(visible),
              report),
          List.of(access, report),
          settings.maskPeople() ? List.of(new PiiRedactor()) : List.of());
    }
    LimitInterceptor limits = new LimitInterceptor(settings.limits(), risks);
    boolean limited =
        !settings.limits().isEmpty() && instances.all().stream().anyMatch(ClerkInstance::live);
    PrivateMetadataInterceptor privateMetadata =
        new PrivateMetadataInterceptor(settings.privateMetadataNever());
    List<PiiRedactor> personalData = settings.maskPeople() ? List.of(new PiiRedactor()) : List.of();

    ViewRegistry columns = new ViewRegistry(views);

    // The calls that a discovery tool makes pass the others.
    List<ToolInterceptor> discovery = new ArrayList<>(List.of(refusals, access, undoing, plan));
    if (limited) {
      discovery.add(limits);
    }
    List<ToolInterceptor> around = new ArrayList<>();
    around.add(new TokenBudgetInterceptor(settings.output()));
    around.add(refusals);
    around.add(access); // before any lookup for a disabled tool
    around.add(new UploadInterceptor(settings.uploads()));
    around.add(undoing); // recorded values may be references
    around.add(
        new WhereInterceptor(
            columns,
            memberships,
            new FieldSafety(settings.maskPeople(), settings.privateMetadataNever()),
            visible.hasRules())); // what it gives to Clerk may be references and roles
    around.add(references); // those after it see IDs
    around.add(new RoleInterceptor());
    around.add(new StoredValueInterceptor(visible)); // those after it see what is sent
    around.add(new PagingInterceptor(settings.output(), exports()));
    around.add(policy);
    around.add(plan);
    if (limited) {
      around.add(limits); // after the question: what a person approved is not counted
    }
    ChangeAnswer answers = new ChangeAnswer(columns, facts, changes, visible, mask());
    around.add(new ViewInterceptor(columns, answers));
    around.add(new SelectionInterceptor()); // sees Clerk's fields, after they are masked
    around.add(secrets); // innermost: masks Clerk's answer before the view renames its fields
    around.add(privateMetadata);
    around.addAll(personalData);
    if (visible.hasRules()) {
      around.add(new HiddenRowsInterceptor(visible)); // sees rows before they are masked
    }
    around.add(new PickedObjectInterceptor(visible)); // sees the object before it is masked

    List<RequestInterceptor> requests = new ArrayList<>();
    if (settings.privateMetadataNever()) {
      requests.add(privateMetadata);
    }
    requests.addAll(List.of(access, policy));
    if (visible.hasRules()) {
      requests.add(new AnswerInterceptor(visible));
    }
    requests.add(new IneffectiveArguments(targets));
    requests.add(new SwitchedLists(clock, targets, !settings.maskPeople() && !visible.hasRules()));
    requests.add(plan);
    if (limited) {
      requests.add(limits);
    }
    requests.add(audit);
    requests.addAll(personalData);
    requests.add(secrets);
    List<ResultFilter> results = new ArrayList<>();
    results.add(secrets);
    results.addAll(personalData);
    return new Interceptors(discovery, around, requests, results);
  }

  private static List<Change> planned(List<ClerkRequest> requests, FormerState former) {
    return requests.stream().map(former::planned).filter(Objects::nonNull).toList();
  }

  private UndoPlanWriter undo() {
    return Objects.requireNonNull(undo, "interceptors(...) must be called before undo()").get();
  }
}
