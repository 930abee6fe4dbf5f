/**
 * Composed tools about organizations: {@link
 * dev.clerkmcp.workflows.organization.OrganizationOnboarding} sets one up, and {@link
 * dev.clerkmcp.workflows.organization.OrganizationOverviewWorkflows} reads its overview.
 */
@NullMarked
package dev.clerkmcp.workflows.organization;

import org.jspecify.annotations.NullMarked;
