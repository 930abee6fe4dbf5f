/**
 * What composed tools share: {@link dev.clerkmcp.workflows.support.BatchRunner} makes changes one
 * by one, and {@link dev.clerkmcp.workflows.support.PartialFetch} reads the parts of an overview.
 */
@NullMarked
package dev.clerkmcp.workflows.support;

import org.jspecify.annotations.NullMarked;
