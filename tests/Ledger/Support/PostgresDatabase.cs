using Penstock.Tests.Support.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
