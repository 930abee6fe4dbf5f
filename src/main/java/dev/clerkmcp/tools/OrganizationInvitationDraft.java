package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** An invitation to an organization that is yet to be sent. */
@JsonInclude(JsonInclude.Include.NON_NULL) // what is left out is not sent as null
public record OrganizationInvitationDraft(
    @Arg("Whom to invite") String emailAddress,
    @Arg("Role key, e.g. org:member") String role,
    @Arg("user_...") @Nullable String inviterUserId,
    @Arg("Membership's; frontend reads") @Nullable ObjectNode publicMetadata,
    @Arg("Membership's; backend only") @Nullable ObjectNode privateMetadata,
    @Arg("Link target") @Nullable String redirectUrl,
    @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays,
    @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail) {}
