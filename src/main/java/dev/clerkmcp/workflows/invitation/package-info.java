/**
 * Sends invitations to lists of people: {@link
 * dev.clerkmcp.workflows.invitation.BulkInvitationWorkflows}.
 */
@NullMarked
package dev.clerkmcp.workflows.invitation;

import org.jspecify.annotations.NullMarked;
