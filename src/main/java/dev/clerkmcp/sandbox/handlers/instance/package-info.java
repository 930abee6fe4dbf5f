/** Handles the settings of the instance: domains, redirect URLs, templates and webhooks. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.instance;

import org.jspecify.annotations.NullMarked;
