package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Declares the default fields of one type of Clerk's objects.
 *
 * <p>A column is a path ({@code verification.status}). Its name is the path's last word, or the
 * name before an equals sign. Several paths joined by a plus become one text. {@code
 * list[id_field]} is the item of the list whose ID is the value of that field.
 */
@Retention(RUNTIME)
@Target(TYPE)
@Repeatable(View.All.class)
public @interface View {
  /** The value of the field {@code object} in Clerk's answer. */
  String of();

  /** The columns of a row in a list. */
  String[] row();

  /**
   * The flags: words that are shown if a field is true. A flag is a path, with its word before an
   * equals sign. An exclamation mark negates it; a value after a colon must be equal.
   */
  String[] flags() default {};

  /** Further columns of an object that is no row of a list; {@code *} is all other fields. */
  String[] more() default "*";

  /** Fields that {@code *} does not include. */
  String[] except() default {};

  /** Several views on one type. */
  @Retention(RUNTIME)
  @Target(TYPE)
  @interface All {
    View[] value();
  }
}
