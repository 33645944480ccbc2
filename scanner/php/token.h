// Tokens of PHP, kind by kind as PHP's own tokenizer names them (PHP 8.2, ext/tokenizer), so that
// the differential test can compare one to one. `Char` is a one-byte token such as ';'.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/view.h"

namespace backscan::php {

#define BACKSCAN_PHP_TOKENS(X) \
  X(Lnumber, "T_LNUMBER") \
  X(Dnumber, "T_DNUMBER") \
  X(String, "T_STRING") \
  X(NameFullyQualified, "T_NAME_FULLY_QUALIFIED") \
  X(NameRelative, "T_NAME_RELATIVE") \
  X(NameQualified, "T_NAME_QUALIFIED") \
  X(Variable, "T_VARIABLE") \
  X(InlineHtml, "T_INLINE_HTML") \
  X(EncapsedAndWhitespace, "T_ENCAPSED_AND_WHITESPACE") \
  X(ConstantEncapsedString, "T_CONSTANT_ENCAPSED_STRING") \
  X(StringVarname, "T_STRING_VARNAME") \
  X(NumString, "T_NUM_STRING") \
  X(Include, "T_INCLUDE") \
  X(IncludeOnce, "T_INCLUDE_ONCE") \
  X(Eval, "T_EVAL") \
  X(Require, "T_REQUIRE") \
  X(RequireOnce, "T_REQUIRE_ONCE") \
  X(LogicalOr, "T_LOGICAL_OR") \
  X(LogicalXor, "T_LOGICAL_XOR") \
  X(LogicalAnd, "T_LOGICAL_AND") \
  X(Print, "T_PRINT") \
  X(Yield, "T_YIELD") \
  X(YieldFrom, "T_YIELD_FROM") \
  X(Instanceof, "T_INSTANCEOF") \
  X(New, "T_NEW") \
  X(Clone, "T_CLONE") \
  X(Exit, "T_EXIT") \
  X(If, "T_IF") \
  X(Elseif, "T_ELSEIF") \
  X(Else, "T_ELSE") \
  X(Endif, "T_ENDIF") \
  X(Echo, "T_ECHO") \
  X(Do, "T_DO") \
  X(While, "T_WHILE") \
  X(Endwhile, "T_ENDWHILE") \
  X(For, "T_FOR") \
  X(Endfor, "T_ENDFOR") \
  X(Foreach, "T_FOREACH") \
  X(Endforeach, "T_ENDFOREACH") \
  X(Declare, "T_DECLARE") \
  X(Enddeclare, "T_ENDDECLARE") \
  X(As, "T_AS") \
  X(Switch, "T_SWITCH") \
  X(Endswitch, "T_ENDSWITCH") \
  X(Case, "T_CASE") \
  X(Default, "T_DEFAULT") \
  X(Match, "T_MATCH") \
  X(Break, "T_BREAK") \
  X(Continue, "T_CONTINUE") \
  X(Goto, "T_GOTO") \
  X(Function, "T_FUNCTION") \
  X(Fn, "T_FN") \
  X(Const, "T_CONST") \
  X(Return, "T_RETURN") \
  X(Try, "T_TRY") \
  X(Catch, "T_CATCH") \
  X(Finally, "T_FINALLY") \
  X(Throw, "T_THROW") \
  X(Use, "T_USE") \
  X(Insteadof, "T_INSTEADOF") \
  X(Global, "T_GLOBAL") \
  X(Static, "T_STATIC") \
  X(Abstract, "T_ABSTRACT") \
  X(Final, "T_FINAL") \
  X(Private, "T_PRIVATE") \
  X(Protected, "T_PROTECTED") \
  X(Public, "T_PUBLIC") \
  X(Readonly, "T_READONLY") \
  X(Var, "T_VAR") \
  X(Unset, "T_UNSET") \
  X(Isset, "T_ISSET") \
  X(Empty, "T_EMPTY") \
  X(HaltCompiler, "T_HALT_COMPILER") \
  X(Class, "T_CLASS") \
  X(Trait, "T_TRAIT") \
  X(Interface, "T_INTERFACE") \
  X(Enum, "T_ENUM") \
  X(Extends, "T_EXTENDS") \
  X(Implements, "T_IMPLEMENTS") \
  X(Namespace, "T_NAMESPACE") \
  X(List, "T_LIST") \
  X(Array, "T_ARRAY") \
  X(Callable, "T_CALLABLE") \
  X(Line, "T_LINE") \
  X(File, "T_FILE") \
  X(Dir, "T_DIR") \
  X(ClassC, "T_CLASS_C") \
  X(TraitC, "T_TRAIT_C") \
  X(MethodC, "T_METHOD_C") \
  X(FuncC, "T_FUNC_C") \
  X(NsC, "T_NS_C") \
  X(Attribute, "T_ATTRIBUTE") \
  X(PlusEqual, "T_PLUS_EQUAL") \
  X(MinusEqual, "T_MINUS_EQUAL") \
  X(MulEqual, "T_MUL_EQUAL") \
  X(DivEqual, "T_DIV_EQUAL") \
  X(ConcatEqual, "T_CONCAT_EQUAL") \
  X(ModEqual, "T_MOD_EQUAL") \
  X(AndEqual, "T_AND_EQUAL") \
  X(OrEqual, "T_OR_EQUAL") \
  X(XorEqual, "T_XOR_EQUAL") \
  X(SlEqual, "T_SL_EQUAL") \
  X(SrEqual, "T_SR_EQUAL") \
  X(CoalesceEqual, "T_COALESCE_EQUAL") \
  X(BooleanOr, "T_BOOLEAN_OR") \
  X(BooleanAnd, "T_BOOLEAN_AND") \
  X(IsEqual, "T_IS_EQUAL") \
  X(IsNotEqual, "T_IS_NOT_EQUAL") \
  X(IsIdentical, "T_IS_IDENTICAL") \
  X(IsNotIdentical, "T_IS_NOT_IDENTICAL") \
  X(IsSmallerOrEqual, "T_IS_SMALLER_OR_EQUAL") \
  X(IsGreaterOrEqual, "T_IS_GREATER_OR_EQUAL") \
  X(Spaceship, "T_SPACESHIP") \
  X(Sl, "T_SL") \
  X(Sr, "T_SR") \
  X(Inc, "T_INC") \
  X(Dec, "T_DEC") \
  X(IntCast, "T_INT_CAST") \
  X(DoubleCast, "T_DOUBLE_CAST") \
  X(StringCast, "T_STRING_CAST") \
  X(ArrayCast, "T_ARRAY_CAST") \
  X(ObjectCast, "T_OBJECT_CAST") \
  X(BoolCast, "T_BOOL_CAST") \
  X(UnsetCast, "T_UNSET_CAST") \
  X(ObjectOperator, "T_OBJECT_OPERATOR") \
  X(NullsafeObjectOperator, "T_NULLSAFE_OBJECT_OPERATOR") \
  X(DoubleArrow, "T_DOUBLE_ARROW") \
  X(Comment, "T_COMMENT") \
  X(DocComment, "T_DOC_COMMENT") \
  X(OpenTag, "T_OPEN_TAG") \
  X(OpenTagWithEcho, "T_OPEN_TAG_WITH_ECHO") \
  X(CloseTag, "T_CLOSE_TAG") \
  X(Whitespace, "T_WHITESPACE") \
  X(StartHeredoc, "T_START_HEREDOC") \
  X(EndHeredoc, "T_END_HEREDOC") \
  X(DollarOpenCurlyBraces, "T_DOLLAR_OPEN_CURLY_BRACES") \
  X(CurlyOpen, "T_CURLY_OPEN") \
  X(NsSeparator, "T_NS_SEPARATOR") \
  X(Ellipsis, "T_ELLIPSIS") \
  X(Coalesce, "T_COALESCE") \
  X(Pow, "T_POW") \
  X(PowEqual, "T_POW_EQUAL") \
  X(AmpersandFollowedByVarOrVararg, "T_AMPERSAND_FOLLOWED_BY_VAR_OR_VARARG") \
  X(AmpersandNotFollowedByVarOrVararg, "T_AMPERSAND_NOT_FOLLOWED_BY_VAR_OR_VARARG") \
  X(BadCharacter, "T_BAD_CHARACTER") \
  X(PaamayimNekudotayim, "T_PAAMAYIM_NEKUDOTAYIM")

enum class TokenKind : std::uint8_t {
  Char,
#define X(name, php_name) name,
  BACKSCAN_PHP_TOKENS(X)
#undef X
};

/// PHP's name of a kind ("T_OPEN_TAG"); "CHAR" for one-byte tokens.
[[nodiscard]] std::string_view php_name(TokenKind kind);

/// Bytes [begin, end) of the source. Tokens of a file are adjacent and cover it without gaps.
struct Token {
  TokenKind kind = TokenKind::Char;
  Offset begin = 0;
  Offset end = 0;

  [[nodiscard]] std::string_view text(std::string_view source) const {
    return source.substr(begin, end - begin);
  }
  bool operator==(const Token&) const = default;
};

struct LexOptions {
  bool short_tags = true;  // `<?` opens PHP: true for hostile files, as php.ini may say so
  bool asp_tags = true;    // `<%` and `<script language=php>`, PHP below 7; false to match PHP 8
};

/// Splits `source` into tokens. Never fails, linear time; what PHP would refuse (an unterminated
/// string or comment) becomes a token up to the end. Appends nothing else to `tokens`, which is
/// cleared first and reused between files to spare allocations.
void lex(std::string_view source, const LexOptions& options, std::vector<Token>& tokens);

}  // namespace backscan::php
