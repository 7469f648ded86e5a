// Linking is the test: a definition in a public header that is not inline fails it.
int main()
{
    return 0;
}
