package dev.clerkmcp.workflows.invitation;

import static dev.clerkmcp.registry.Effect.CREATE;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.tools.InvitationTools;
import dev.clerkmcp.tools.InvitationTools.InvitationDraft;
import dev.clerkmcp.tools.InvitationTools.InvitationFilter;
import dev.clerkmcp.tools.InvitationTools.InvitationTemplate;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationDraft;
import dev.clerkmcp.tools.OrganizationInvitationTools.OrganizationInvitationFilter;
import dev.clerkmcp.tools.OrganizationMembershipTools;
import dev.clerkmcp.tools.OrganizationMembershipWorkflows;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.AddressOwners;
import dev.clerkmcp.workflows.support.EmailList;
import dev.clerkmcp.workflows.support.ErrorCodes.Existing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Invites lists of people to the application or to an organization. */
@ToolGroup(id = "workflows")
public final class BulkInvitationWorkflows {
  /**
   * Limits the size of the answer, and the time: Clerk accepts a few hundred invitations an hour.
   */
  private static final int MAX_EMAILS = 2000;

  private final UserTools users;
  private final OrganizationMembershipTools memberships;
  private final InvitationTools invitations;
  private final OrganizationInvitationTools organizationInvitations;

  public BulkInvitationWorkflows(
      UserTools users,
      OrganizationMembershipTools memberships,
      InvitationTools invitations,
      OrganizationInvitationTools organizationInvitations) {
    this.users = users;
    this.memberships = memberships;
    this.invitations = invitations;
    this.organizationInvitations = organizationInvitations;
  }

  @Tool(
      name = "clerk_invitations_send_bulk",
      title = "Invite list to application",
      effect = CREATE,
      openWorld = true,
      sends = {"POST /invitations", "POST /invitations/bulk"})
  @Description(
      "Invite any number of people to sign up. Skips users and invitees; reports each address. Safe to run again.")
  public JsonNode send(
      @Arg(value = "Email address to invite", min = 1, max = MAX_EMAILS) List<String> emails,
      InvitationTerms terms,
      @Arg("Email template") @Nullable InvitationTemplate templateSlug,
      @Arg(value = "Per-address metadata overrides", max = MAX_EMAILS)
          @Nullable List<InvitationOverride> overrides) {
    EmailList list = checked(emails);
    Map<String, InvitationOverride> own =
        byAddress(overrides, InvitationOverride::emailAddress, list);
    InvitationReport report = new InvitationReport(list);
    AddressOwners owners = AddressOwners.of(report.open(), users);
    report.alreadyThere(Existing.USER, owners.users().keySet());
    report.claimed(owners.claimed());
    report.alreadyThere(
        Existing.INVITED,
        KnownAddresses.invited(
            report.open(),
            (address, page) -> invitations.list(InvitationFilter.pending(address), page)));
    report.warn();

    List<InvitationDraft> drafts =
        report.open().stream()
            .map(address -> draft(address, terms, templateSlug, own.get(address)))
            .toList();
    new InvitationSending<>(
            InvitationDraft::emailAddress, invitations::createBulk, invitations::create, report)
        .run(drafts);
    return report.finish();
  }

  @Tool(
      name = "clerk_org_invitations_send_bulk",
      title = "Invite list to organization",
      effect = CREATE,
      core = true,
      openWorld = true,
      sends = {
        "POST /organizations/{organization_id}/invitations",
        "POST /organizations/{organization_id}/invitations/bulk"
      })
  @Description(
      "Invite any number of people to an organization. Skips members and invitees; reports each address. Safe to run again.")
  public JsonNode sendToOrganization(
      @Arg("org_...") String organizationId,
      @Arg(value = "Email address to invite", min = 1, max = MAX_EMAILS) List<String> emails,
      @Arg("org:admin, org:member, ...") String role,
      @Arg("user_...") @Nullable String inviterUserId,
      InvitationTerms terms,
      @Arg("Private metadata of the membership") @Nullable ObjectNode privateMetadata,
      @Arg(value = "Per-address role and metadata overrides", max = MAX_EMAILS)
          @Nullable List<OrganizationInvitationOverride> overrides) {
    EmailList list = checked(emails);
    Map<String, OrganizationInvitationOverride> own =
        byAddress(overrides, OrganizationInvitationOverride::emailAddress, list);
    InvitationReport report = new InvitationReport(list);
    AddressOwners owners = AddressOwners.of(report.open(), users);
    report.alreadyThere(Existing.MEMBER, members(organizationId, owners));
    report.claimed(owners.claimed());
    report.alreadyThere(
        Existing.INVITED,
        KnownAddresses.invited(
            report.open(),
            (address, page) ->
                organizationInvitations.list(
                    organizationId, OrganizationInvitationFilter.pending(address), page)));
    report.warn();

    OrganizationInvitationDraft common =
        new OrganizationInvitationDraft(
            "",
            role,
            inviterUserId,
            terms.publicMetadata(),
            privateMetadata,
            terms.redirectUrl(),
            terms.expiresInDays(),
            terms.sendEmail());
    List<OrganizationInvitationDraft> drafts =
        report.open().stream().map(address -> draft(address, common, own.get(address))).toList();
    new InvitationSending<>(
            OrganizationInvitationDraft::emailAddress,
            chunk -> organizationInvitations.createBulk(organizationId, chunk),
            draft -> organizationInvitations.create(organizationId, draft),
            report)
        .run(drafts);
    return report.finish();
  }

  /** Refuses a list without any address, from which nothing can be sent. */
  private static EmailList checked(List<String> emails) {
    EmailList list = EmailList.of(emails);
    if (list.valid().isEmpty()) {
      List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
      for (int i = 0; i < emails.size(); i++) {
        problems.add(
            new InvalidArgumentsException.Problem(
                "emails[%s]".formatted(i),
                "must be an email address." + InvitationReport.oneEach(List.of(emails.get(i)))));
      }
      throw new InvalidArgumentsException(problems);
    }
    return list;
  }

  /** The addresses of members. A user who is not a member is invited. */
  private Set<String> members(String organizationId, AddressOwners owners) {
    Map<String, String> userIds = new HashMap<>();
    owners.users().forEach((address, user) -> userIds.put(address, user.id()));
    Set<String> ids = new HashSet<>(userIds.values());
    userIds
        .values()
        .retainAll(
            OrganizationMembershipWorkflows.members(organizationId, ids, memberships).keySet());
    return userIds.keySet();
  }

  private static InvitationDraft draft(
      String address,
      InvitationTerms terms,
      @Nullable InvitationTemplate template,
      @Nullable InvitationOverride own) {
    return new InvitationDraft(
        address,
        own == null ? terms.publicMetadata() : own.publicMetadata(),
        terms.redirectUrl(),
        terms.sendEmail(),
        null,
        terms.expiresInDays(),
        template);
  }

  private static OrganizationInvitationDraft draft(
      String address,
      OrganizationInvitationDraft common,
      @Nullable OrganizationInvitationOverride own) {
    return new OrganizationInvitationDraft(
        address,
        own == null || own.role() == null ? common.role() : own.role(),
        common.inviterUserId(),
        own == null || own.publicMetadata() == null
            ? common.publicMetadata()
            : own.publicMetadata(),
        own == null || own.privateMetadata() == null
            ? common.privateMetadata()
            : own.privateMetadata(),
        common.redirectUrl(),
        common.expiresInDays(),
        common.sendEmail());
  }

  private static <O> Map<String, O> byAddress(
      @Nullable List<O> overrides, Function<O, String> address, EmailList emails) {
    Map<String, O> byAddress = new HashMap<>();
    if (overrides == null) {
      return byAddress;
    }
    Set<String> known = new HashSet<>(emails.valid());
    emails.invalid().forEach(invalid -> known.add(EmailAddress.of(invalid).text()));
    for (int i = 0; i < overrides.size(); i++) {
      String normal = EmailAddress.of(address.apply(overrides.get(i))).text();
      boolean first = byAddress.put(normal, overrides.get(i)) == null;
      if (!first || !known.contains(normal)) {
        throw InvalidArgumentsException.of(
            "overrides[%s].email_address".formatted(i),
            first ? "must be one of emails" : "is a duplicate");
      }
    }
    return byAddress;
  }

  /** The terms that all invitations of a list share. */
  public record InvitationTerms(
      @Arg("Goes to the new user or membership") @Nullable ObjectNode publicMetadata,
      @Arg("Link target") @Nullable String redirectUrl,
      @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail,
      @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays) {}

  /** The values of one invitation to the application that override the shared terms. */
  public record InvitationOverride(
      @Arg("One of emails") String emailAddress,
      @Arg("Overrides the shared value") ObjectNode publicMetadata) {}

  /** The values of one invitation to an organization that override the shared terms. */
  public record OrganizationInvitationOverride(
      @Arg("One of emails") String emailAddress,
      @Arg("Role key") @Nullable String role,
      @Arg("Overrides the shared value") @Nullable ObjectNode publicMetadata,
      @Arg("Overrides the shared value") @Nullable ObjectNode privateMetadata) {}
}
