package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.reference.EntityLookup.Candidate;
import dev.clerkmcp.registry.ToolCallContext;
import java.util.List;

/** Finds the organization of an invitation whose organization the caller did not give. */
final class OrganizationOfInvitation {
  private static final String INVITATION = "invitation_id";
  private static final String ORGANIZATION = "organization_id";

  /** Lists of all organizations' invitations; the result is the organization. */
  private static final ObjectList BY_ID = listNamedBy("id").withRevoked();

  private static final ObjectList BY_ADDRESS = listNamedBy("email_address").searchedBy("query");
  private static final ObjectList PENDING_BY_ADDRESS = BY_ADDRESS.withStatus("pending");
  private static final ObjectList ALL_BY_ADDRESS = BY_ADDRESS.withRevoked();

  private OrganizationOfInvitation() {}

  private static ObjectList listNamedBy(String field) {
    return ObjectList.of("/organization_invitations", field)
        .resultingIn(ORGANIZATION)
        .differingIn("status", "role")
        .ofPeople();
  }

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
   * The organizations that have the invitation, first those in which it is pending: more than one
   * if it is ambiguous.
   */
  static List<Candidate> of(ToolCallContext context, ListedObjects listed) {
    String text = context.arguments().path(INVITATION).textValue().strip();
    ReferenceKind kind = ReferenceKind.ORGANIZATION_INVITATION;
    if (kind.needsNoLookup(text)) {
      return listed.matching(text, kind, BY_ID).exact();
    }
    List<Candidate> pending = listed.matching(text, kind, PENDING_BY_ADDRESS).exact();
    return pending.isEmpty() ? listed.matching(text, kind, ALL_BY_ADDRESS).exact() : pending;
  }
}
