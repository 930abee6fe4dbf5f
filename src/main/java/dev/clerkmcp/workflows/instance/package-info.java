/**
 * Compares the configuration of two instances: {@link
 * dev.clerkmcp.workflows.instance.InstanceWorkflows}.
 */
@NullMarked
package dev.clerkmcp.workflows.instance;

import org.jspecify.annotations.NullMarked;
