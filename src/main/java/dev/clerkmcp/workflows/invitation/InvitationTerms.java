package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.argument.Arg;
import org.jspecify.annotations.Nullable;

/** What all invitations of a list have in common, to the application or to an organization. */
public record InvitationTerms(
    @Arg("Goes to the new user or membership") @Nullable ObjectNode publicMetadata,
    @Arg("Link target") @Nullable String redirectUrl,
    @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail,
    @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays) {}
