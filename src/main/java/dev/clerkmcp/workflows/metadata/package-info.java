/**
 * Sets metadata and returns only the differences: {@link
 * dev.clerkmcp.workflows.metadata.MetadataWorkflows}.
 */
@NullMarked
package dev.clerkmcp.workflows.metadata;

import org.jspecify.annotations.NullMarked;
