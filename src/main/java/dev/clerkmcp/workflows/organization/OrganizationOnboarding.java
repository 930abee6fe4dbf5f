package dev.clerkmcp.workflows.organization;

import static dev.clerkmcp.registry.Effect.CREATE;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.tools.OrganizationDomainTools;
import dev.clerkmcp.tools.OrganizationDomainTools.OrganizationDomainFilter;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationDraft;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipTools.MembershipMetadata;
import dev.clerkmcp.tools.OrganizationTools;
import dev.clerkmcp.tools.OrganizationTools.OrganizationMetadata;
import dev.clerkmcp.tools.OrganizationTools.OrganizationOptions;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.organization.OnboardingMembers.Existing;
import dev.clerkmcp.workflows.organization.OnboardingMembers.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets up an organization with its admin, members and domain. */
@ToolGroup(id = "workflows")
public final class OrganizationOnboarding {
  private final UserTools users;
  private final OrganizationTools organizations;
  private final OrganizationMembershipTools memberships;
  private final OrganizationInvitationTools invitations;
  private final OrganizationDomainTools domains;

  public OrganizationOnboarding(
      UserTools users,
      OrganizationTools organizations,
      OrganizationMembershipTools memberships,
      OrganizationInvitationTools invitations,
      OrganizationDomainTools domains) {
    this.users = users;
    this.organizations = organizations;
    this.memberships = memberships;
    this.invitations = invitations;
    this.domains = domains;
  }

  @Tool(
      name = "clerk_org_onboard",
      title = "Onboard organization",
      effect = CREATE,
      core = true,
      openWorld = true,
      sends = {
        "POST /organizations",
        "POST /organizations/{organization_id}/domains",
        "POST /organizations/{organization_id}/invitations",
        "POST /organizations/{organization_id}/memberships"
      })
  @Description(
      "Create an organization with its admin, members and domain: users join at once, others are"
          + " invited by email. Reports each result.")
  public JsonNode onboard(
      @Arg(value = "Max 256 characters", min = 1, max = 256) String name,
      @Arg("user_... or email address") String admin,
      @Arg("Unique; default from name") @Nullable String slug,
      @Arg(value = "0: no limit; default usually 5; invitations count", min = 0)
          @Nullable Integer maxAllowedMemberships,
      OrganizationMetadata metadata,
      @Arg(value = "Besides the admin", max = 100) @Nullable List<OnboardedMember> members,
      @Arg("Email domain, e.g. example.com") @Nullable String domain,
      @Arg("Default manual_invitation") @Nullable EnrollmentMode enrollmentMode,
      @Arg("Complete an existing one of this name and admin") @JsonProperty("continue")
          @Nullable Boolean goOn) {
    if (enrollmentMode != null && domain == null) {
      throw InvalidArgumentsException.of(
          "enrollment_mode", "is how people enroll through domain: give it");
    }
    OnboardingMembers people =
        OnboardingMembers.find(users, admin, members == null ? List.of() : members);
    people.warn();
    OrganizationOptions options = OrganizationOptions.of(slug, maxAllowedMemberships);
    boolean mayGoOn = Boolean.TRUE.equals(goOn);
    JsonNode found = new OrganizationMatcher(organizations).find(name, slug, mayGoOn);
    Invocation.current().checkCancelled();
    Existing present =
        found == null
            ? Existing.ofNew(organizations.create(name, people.admin().userId(), options, metadata))
            : continued(found, people);
    String organizationId = present.organization().path("id").asText();
    JsonNode presentDomain =
        found == null || domain == null ? null : findDomain(organizationId, domain);
    ObjectNode identity = OrganizationMatcher.identity(present.organization());
    OnboardingSteps steps = new OnboardingSteps(identity, found == null);
    steps.add(found == null ? created() : kept(found, options, metadata));
    addPeople(steps, people, present, found == null);
    if (domain != null) {
      EnrollmentMode mode =
          enrollmentMode == null ? EnrollmentMode.MANUAL_INVITATION : enrollmentMode;
      addDomain(steps, organizationId, domain, mode.word(), presentDomain);
    }
    return steps.finish();
  }

  /** Refuses an organization of another customer that happens to have the same name. */
  private Existing continued(JsonNode found, OnboardingMembers people) {
    Existing present = Existing.read(found, people, memberships, invitations);
    if (present.isOf(people.admin())) {
      return present;
    }
    throw OrganizationMatcher.refused(
        "organization_differs",
        "The organization has members, and the given admin does not manage it, so it is not"
            + " continued.",
        "Give its admin if it is meant, or another slug for a new one; to add people to it all the"
            + " same: clerk_org_membership_create, clerk_org_invitation_create.",
        List.of(found));
  }

  private static ObjectNode created() {
    return Json.object().put("step", "organization").put("status", "created");
  }

  /**
   * An existing organization keeps its settings; the row names those that differ from the request.
   */
  private static ObjectNode kept(
      JsonNode found, OrganizationOptions options, OrganizationMetadata metadata) {
    ObjectNode row = Json.object().put("step", "organization").put("status", "already_there");
    ArrayNode differing = Json.array();
    Integer most = options.maxAllowedMemberships();
    if (most != null && found.path("max_allowed_memberships").asLong() != most) {
      differing.add("max_allowed_memberships");
    }
    if (isOther(metadata.publicMetadata(), found.path("public_metadata"))) {
      differing.add("public_metadata");
    }
    if (isOther(metadata.privateMetadata(), found.path("private_metadata"))) {
      differing.add("private_metadata");
    }
    if (!differing.isEmpty()) {
      row.set("not_as_asked", differing);
      row.put("next", "clerk_organization_update changes it.");
    }
    return row;
  }

  private static boolean isOther(@Nullable ObjectNode asked, JsonNode present) {
    return asked != null && !asked.equals(present);
  }

  private void addPeople(
      OnboardingSteps steps, OnboardingMembers people, Existing present, boolean isNew) {
    Member admin = people.admin();
    if (isNew && admin.userId() != null) {
      // Clerk gives the creator the role that the instance has set for creators.
      ObjectNode row = admin.row("admin").put("status", "added");
      steps.add(row.put("role", "that of creators, by default org:admin"));
    } else {
      addPerson(steps, "admin", admin, present);
    }
    int done = 0;
    for (Member member : people.members()) {
      if (member.is(admin)) {
        ObjectNode row = member.row("member").put("status", "already_there");
        steps.add(row.put("role", admin.role()));
      } else {
        addPerson(steps, "member", member, present);
      }
      done++;
      Invocation.current().doing("Added %s of %s members".formatted(done, people.members().size()));
    }
  }

  private void addPerson(OnboardingSteps steps, String step, Member member, Existing present) {
    String organizationId = present.organization().path("id").asText();
    ObjectNode there = present.findRow(step, member);
    String userId = member.userId();
    String address = member.emailAddress();
    if (there != null) {
      steps.add(there);
    } else if (userId != null) {
      steps.take(
          OnboardingSteps.Kind.MEMBERSHIP,
          member.row(step),
          "added",
          "",
          () -> memberships.create(organizationId, userId, member.role(), MembershipMetadata.NONE));
    } else if (address != null) {
      OrganizationInvitationDraft invitation =
          OrganizationInvitationDraft.to(address, member.role());
      steps.take(
          OnboardingSteps.Kind.INVITATION,
          member.row(step),
          "invited",
          "invitation_id",
          () -> invitations.create(organizationId, invitation));
    }
  }

  private void addDomain(
      OnboardingSteps steps,
      String organizationId,
      String domain,
      String mode,
      @Nullable JsonNode there) {
    ObjectNode row = Json.object().put("step", "domain").put("name", domain);
    if (there == null) {
      steps.take(
          OnboardingSteps.Kind.DOMAIN,
          row.put("enrollment_mode", mode),
          "created",
          "domain_id",
          () -> domains.create(organizationId, domain, mode, null));
      return;
    }
    row.put("status", "already_there").put("domain_id", there.path("id").asText());
    String enrollment = there.path("enrollment_mode").asText();
    row.put("enrollment_mode", enrollment);
    steps.add(enrollment.equals(mode) ? row : row.put("asked_enrollment_mode", mode));
  }

  private @Nullable JsonNode findDomain(String organizationId, String domain) {
    for (JsonNode row :
        Pages.all(page -> domains.list(organizationId, OrganizationDomainFilter.ALL, page))) {
      if (row.path("name").asText().equalsIgnoreCase(domain)) {
        return row;
      }
    }
    return null;
  }

  /** A member of a new organization. */
  public record OnboardedMember(
      @Arg(value = "Email address of the member", email = true) String emailAddress,
      @Arg("Default org:member") @Nullable String role) {}

  /** How people with an address at an organization's domain join it. */
  public enum EnrollmentMode {
    @JsonProperty("manual_invitation")
    MANUAL_INVITATION("manual_invitation"),
    @JsonProperty("automatic_invitation")
    AUTOMATIC_INVITATION("automatic_invitation"),
    @JsonProperty("automatic_suggestion")
    AUTOMATIC_SUGGESTION("automatic_suggestion"),
    @JsonProperty("enterprise_sso")
    ENTERPRISE_SSO("enterprise_sso");

    private final String word;

    EnrollmentMode(String word) {
      this.word = word;
    }

    /** Clerk's word for the mode. */
    String word() {
      return word;
    }
  }
}
