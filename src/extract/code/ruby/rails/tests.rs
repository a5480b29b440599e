//! What registers routes in Rails, and what only looks like it.

use crate::extract::code::snapshot::check;

#[test]
fn verbs_register_paths() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          root 'pages#home'
          get '/patients/:id', to: 'patients#show', as: 'patient'
          get 'photos(/:id)', to: 'photos#display'
          get 'profile', action: :show, controller: 'users'
          match 'photos', to: 'photos#show', via: [:get, :post]
          match '*path' => 'errors#x', :via => :all
          post "login" => "sessions#create"
          get :about, :contact, controller: :pages
          get '/stories/:name', to: redirect('/articles/%{name}')
          get 'files/*path(.:format)', to: ->(env) { [200, {}, ['get "/trap"']] }
          put("x", to: "y#z") if Rails.env.production?
          get '/dev', to: 'y#dev' if Rails.env.development?
          # get '/commented', to: 'a#b'
          direct(:homepage) { "https://rubyonrails.org" }
          client.get '/trap'
          get path, to: 'a#b'
        end
        get '/outside', to: 'a#b'"#,
        "2 GET / in #routes
         3 GET /patients/{id} in #routes
         4 GET photos/{id} in #routes
         5 GET profile in #routes
         6 GET photos in #routes
         6 POST photos in #routes
         7 ANY {rest} in #routes
         8 POST login in #routes
         9 GET about in #routes
         9 GET contact in #routes
         10 GET /stories/{name} in #routes
         11 GET files/{rest} in #routes
         12 PUT x in #routes
         application #routes
         17 uncounted a path that is known at run time only",
    );
}

#[test]
fn resources_are_several_routes() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          resources :photos
          resource :profile, only: [:show, :update]
          resources :books, :tags, only: %i[index], path: 'b'
          resources :users, param: :slug, except: [:new, :edit, :index, :create, :destroy] do
            resource :follow, only: :create
            resources 'posts', only: [:show]
            member { get :preview; post 'copy' }
            collection do
              get 'search'
            end
            get :feed, on: :collection
            put :ban, on: :member
            get :plain
          end
        end"#,
        "2 GET photos in #routes
         2 POST photos in #routes
         2 GET photos/new in #routes.pages
         2 GET photos/{id}/edit in #routes.pages
         2 GET photos/{id} in #routes
         2 PATCH photos/{id} in #routes
         2 PUT photos/{id} in #routes
         2 DELETE photos/{id} in #routes
         3 GET profile in #routes
         3 PATCH profile in #routes
         3 PUT profile in #routes
         4 GET b in #routes
         4 GET b in #routes
         5 GET users/{slug} in #routes
         5 PATCH users/{slug} in #routes
         5 PUT users/{slug} in #routes
         6 POST users/{user_slug}/follow in #routes
         7 GET users/{user_slug}/posts/{id} in #routes
         8 GET users/{slug}/preview in #routes
         8 POST users/{slug}/copy in #routes
         10 GET users/search in #routes
         12 GET users/feed in #routes
         13 PUT users/{slug}/ban in #routes
         14 GET users/{user_slug}/plain in #routes
         2 mount #routes.pages in config/application#pages at 
         application #routes",
    );
}

#[test]
fn scopes_have_prefixes() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          namespace :api, defaults: { format: :json } do
            namespace :v1, path: 'one' do
              resources :orders, only: [:index]
            end
            scope module: :v2, constraints: Version.new(2) do
              get :status
            end
          end
          scope '/admin', module: 'admin', as: 'admin' do
            root to: 'x#y'
            resources :shops, only: :index, path_names: { new: 'make' }
          end
          scope "(:locale)", locale: /en|nl/ do
            get 'books', to: 'b#index'
          end
          scope ':account_id' do
            get 'x', to: 'b#x'
          end
          constraints(subdomain: 'api') { get 'c', to: 'c#c' }
          authenticated :user do
            get 'd', to: 'd#d'
          end
          scope only: [:show] do
            resources :limited
          end
          with_options except: %i[new edit create update destroy] do
            resources :cut
          end
        end"#,
        "4 GET api/one/orders in #routes
         7 GET api/status in #routes
         11 GET /admin/ in #routes
         12 GET /admin/shops in #routes
         15 GET books in #routes
         18 GET {account_id}/x in #routes
         20 GET c in #routes
         22 GET d in #routes
         25 GET limited/{id} in #routes
         28 GET cut in #routes
         28 GET cut/{id} in #routes
         application #routes",
    );
}

#[test]
fn concerns_and_shallow_things_stand_where_they_are_used() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          concern :commentable do
            resources :comments, only: :index
          end
          concern :flagged do
            post :flag, on: :member
          end
          resources :messages, only: [], concerns: :commentable
          resources :articles, only: [], concerns: [:commentable, :flagged]
          namespace :notes do
            concerns :commentable
          end
          scope :deep do
            resources :a, only: [], shallow: true do
              resources :b, only: [:index, :show] do
                get :up, on: :member
                resources :c, only: [:create, :destroy]
              end
            end
          end
          resources :d, only: [] do
            resources :e, only: [:index, :show], shallow: true
          end
          %w[x y].each do |name|
            get "/#{name}/go", to: "go##{name}"
          end
          LIST.each { |name| get name, to: 'z#z' }
        end"#,
        "3 GET messages/{message_id}/comments in #routes
         3 GET articles/{article_id}/comments in #routes
         6 POST articles/{id}/flag in #routes
         3 GET notes/comments in #routes
         15 GET deep/a/{a_id}/b in #routes
         15 GET deep/b/{id} in #routes
         16 GET deep/b/{id}/up in #routes
         17 POST deep/b/{b_id}/c in #routes
         17 DELETE deep/c/{id} in #routes
         22 GET d/{d_id}/e in #routes
         22 GET e/{id} in #routes
         25 GET /x/go in #routes
         25 GET /y/go in #routes
         application #routes
         27 uncounted a path that is known at run time only",
    );
}

#[test]
fn other_sets_are_mounted() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          mount Sidekiq::Web => '/sidekiq'
          mount Billing::Engine, at: '/billing'
          mount API::Root => '/api'
          namespace :admin do
            draw :admin
          end
        end"#,
        "2 mount sidekiq/web#Web in #routes at /sidekiq
         3 mount #Billing.Engine.pages in #routes.pages at /billing
         3 mount #Billing.Engine in #routes at /billing
         4 mount api/root#Root in #routes at /api
         6 mount config/routes/admin#routes in #routes at admin
         6 mount config/routes/admin#routes.pages in #routes.pages at admin
         application #routes",
    );
    check(
        "config/routes/admin.rb",
        "get 'x', to: 'y#z'\nresources :users, only: :index",
        "1 GET x in #routes\n2 GET users in #routes",
    );
    check(
        "engines/billing/config/routes.rb",
        "Billing::Engine.routes.draw do\n  get '/bills', to: 'bills#index'\nend",
        "2 GET /bills in #Billing.Engine",
    );
    check("app/models/a.rb", "class A\n  def b\n    get '/trap', to: 'x'\n    resources :c\n  end\nend", "");
}

#[test]
fn an_application_for_programs_has_no_pages() {
    check(
        "config/application.rb",
        "module Shop\n class Application < Rails::Application\n  config.api_only = true\n end\nend",
        "application #pages\nleaf #pages",
    );
    check(
        "config/application.rb",
        "class Application < Rails::Application\n # config.api_only = true\nend",
        "application #pages",
    );
}

#[test]
fn devise_registers_what_the_model_says() {
    check(
        "config/routes.rb",
        r#"Rails.application.routes.draw do
          devise_for :users, path_names: { sign_in: :login }, skip: [:passwords, :registrations], controllers: { sessions: :s }
          devise_for :admins, only: :unlocks, path: ''
        end"#,
        "2 GET users/login in #User.devise.database_authenticatable
         2 POST users/login in #User.devise.database_authenticatable
         2 DELETE users/sign_out in #User.devise.database_authenticatable
         2 GET users/confirmation/new in #User.devise.confirmable
         2 GET users/confirmation in #User.devise.confirmable
         2 POST users/confirmation in #User.devise.confirmable
         2 GET users/unlock/new in #User.devise.lockable
         2 GET users/unlock in #User.devise.lockable
         2 POST users/unlock in #User.devise.lockable
         3 GET /unlock/new in #Admin.devise.lockable
         3 GET /unlock in #Admin.devise.lockable
         3 POST /unlock in #Admin.devise.lockable
         application #routes
         leaf #User.devise.database_authenticatable
         leaf #User.devise.confirmable
         leaf #User.devise.lockable
         leaf #Admin.devise.lockable",
    );
    check(
        "app/models/user.rb",
        "class User < Account\n devise :database_authenticatable, :rememberable,\n  :omniauthable, omniauth_providers: [:x]\nend",
        "2 mount #User.devise.database_authenticatable in #devise at 
         2 uncounted routes of each provider for signing in",
    );
}

#[test]
fn hanami_is_written_alike() {
    check(
        "config/routes.rb",
        r#"module Bookshelf
          class Routes < Hanami::Routes
            root to: "home.index"
            get "/books/:id", to: "books.show"
            scope "admin" do
              get "/x", to: "x.index"
            end
            slice :api, at: "/api" do
              post "/y", to: "y.create"
            end
          end
        end"#,
        "3 GET / in #routes
         4 GET /books/{id} in #routes
         6 GET admin/x in #routes
         9 POST /api/y in #routes
         application #routes",
    );
}
