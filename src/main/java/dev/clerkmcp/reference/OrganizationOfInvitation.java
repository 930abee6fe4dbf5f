package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.reference.EntityLookup.Candidate;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the organization of an invitation whose organization the caller did not give. */
final class OrganizationOfInvitation {
  private static final String INVITATION = "invitation_id";
  private static final String ORGANIZATION = "organization_id";

  /** Lists of all organizations' invitations; the result is the organization. */
  private static final ObjectList BY_ADDRESS =
      ObjectList.of("/organization_invitations", "email_address")
          .searchedBy("query")
          .resultingIn(ORGANIZATION)
          .differingIn("status", "role")
          .ofPeople();

  private static final ObjectList PENDING = BY_ADDRESS.withStatus("pending");
  private static final ObjectList ALL = BY_ADDRESS.withRevoked();

  private OrganizationOfInvitation() {}

  /** Whether a call names an invitation to an organization, but not the organization. */
  static boolean isWanted(ToolCallContext context) {
    JsonNode invitation = context.arguments().path(INVITATION);
    return ReferringArguments.find(context.tool(), INVITATION)
            == ReferenceKind.ORGANIZATION_INVITATION
        && invitation.isTextual()
        && !invitation.textValue().isBlank()
        && !context.arguments().hasNonNull(ORGANIZATION);
  }

  /**
   * The organizations that have the invitation to an address, first those in which it is pending:
   * more than one if it is ambiguous.
   *
   * @throws InvalidArgumentsException if the invitation is given by its ID, which Clerk does not
   *     search for: all invitations of all organizations would have to be read
   */
  static List<Candidate> of(ToolCallContext context, ListedObjects listed) {
    String text = context.arguments().path(INVITATION).textValue().strip();
    ReferenceKind kind = ReferenceKind.ORGANIZATION_INVITATION;
    if (kind.needsNoLookup(text)) {
      throw InvalidArgumentsException.of(
          ORGANIZATION,
          "is required with the ID of an invitation; with an email address it is not");
    }
    List<Candidate> pending = distinct(listed.matching(text, kind, PENDING).exact());
    return pending.isEmpty() ? distinct(listed.matching(text, kind, ALL).exact()) : pending;
  }

  /** One candidate of each organization. */
  private static List<Candidate> distinct(List<Candidate> invitations) {
    Map<String, Candidate> byOrganization = new LinkedHashMap<>();
    invitations.forEach(found -> byOrganization.putIfAbsent(found.id(), found));
    return List.copyOf(byOrganization.values());
  }
}
