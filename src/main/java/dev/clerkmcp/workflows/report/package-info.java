/**
 * Composed tools that count over a whole instance: {@link
 * dev.clerkmcp.workflows.report.GrowthReport} and {@link
 * dev.clerkmcp.workflows.report.SecurityReport}.
 */
@NullMarked
package dev.clerkmcp.workflows.report;

import org.jspecify.annotations.NullMarked;
