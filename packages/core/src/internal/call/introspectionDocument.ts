/**
 * The text that `getIntrospectionQuery({ descriptions: false })` of `graphql` returns. This text is
 * smaller than the code of that function.
 */
export const document =
  "query IntrospectionQuery{__schema{queryType{name kind}mutationType{name kind}subscriptionType{name kind}types{...FullType}directives{name locations args{...InputValue}}}}" +
  "fragment FullType on __Type{kind name fields(includeDeprecated:true){name args{...InputValue}type{...TypeRef}isDeprecated deprecationReason}inputFields{...InputValue}interfaces{...TypeRef}enumValues(includeDeprecated:true){name isDeprecated deprecationReason}possibleTypes{...TypeRef}}" +
  "fragment InputValue on __InputValue{name type{...TypeRef}defaultValue}" +
  "fragment TypeRef on __Type{kind name ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind ofType{name kind}}}}}}}}}}"
