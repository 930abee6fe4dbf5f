package dev.clerkmcp.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.Arg;
import org.jspecify.annotations.Nullable;

/** An invitation to the application that is yet to be sent. */
@JsonInclude(JsonInclude.Include.NON_NULL) // what is left out is not sent as null
public record InvitationDraft(
    @Arg("Whom to invite") String emailAddress,
    @Arg("For the new user") @Nullable ObjectNode publicMetadata,
    @Arg("Link target") @Nullable String redirectUrl,
    @Arg("Send email; default true") @JsonProperty("notify") @Nullable Boolean sendEmail,
    @Arg("Even if invited or a user") @Nullable Boolean ignoreExisting,
    @Arg(value = "Default 30", min = 1, max = 365) @Nullable Integer expiresInDays,
    @Arg("Which email") @Nullable InvitationTemplate templateSlug) {}
