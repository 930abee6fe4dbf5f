/** Handles billing: plans, subscriptions, credits and statements. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.billing;

import org.jspecify.annotations.NullMarked;
