package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.registry.argument.Arg;

/** What one invitation to the application has of its own. */
public record InvitationOverride(
    @Arg("One of emails") String emailAddress,
    @Arg("Instead of the one for all") ObjectNode publicMetadata) {}
